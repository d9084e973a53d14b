from signalbox import Endpoint, Request, scorer


@scorer("s", prefer="low")
def score(request: Request, endpoint: Endpoint) -> float:
    # wrong: no such signal
    return endpoint.queue_length
