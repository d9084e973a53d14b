from signalbox import Endpoint, Request, filter


# wrong: true or false
@filter("f")
def keep(request: Request, endpoint: Endpoint) -> float:
    return endpoint.waiting
