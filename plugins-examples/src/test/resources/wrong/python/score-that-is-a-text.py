from signalbox import Endpoint, Request, scorer


# wrong: a score is a number
@scorer("s", prefer="low")
def score(request: Request, endpoint: Endpoint) -> str:
    return endpoint.address
