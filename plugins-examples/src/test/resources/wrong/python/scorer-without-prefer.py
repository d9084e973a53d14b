from signalbox import Endpoint, Request, scorer


# wrong: a scorer says which scores are the good ones
@scorer("s")
def score(request: Request, endpoint: Endpoint) -> float:
    return endpoint.waiting
