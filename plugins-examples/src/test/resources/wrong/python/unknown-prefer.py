from signalbox import Endpoint, Request, scorer


# wrong: low or high
@scorer("s", prefer="lower")
def score(request: Request, endpoint: Endpoint) -> float:
    return endpoint.waiting
