from signalbox import Endpoint, Request, scorer


# wrong: not for every endpoint
@scorer("s", prefer="low")
def score(request: Request, endpoint: Endpoint) -> float | None:
    return endpoint.waiting if endpoint.waiting > 0 else None
