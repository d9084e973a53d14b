from signalbox import Endpoint, Request, scorer


# wrong: no such signal
@scorer("s", prefer="low", needs=["waitin"])
def score(request: Request, endpoint: Endpoint) -> float:
    return endpoint.waiting
