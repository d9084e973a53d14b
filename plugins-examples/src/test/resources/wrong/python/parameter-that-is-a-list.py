from signalbox import Endpoint, Request, filter


# wrong: numbers and texts are all there are
@filter("f", params={"users": ["alice"]})
def keep(request: Request, endpoint: Endpoint) -> bool:
    return endpoint.waiting < 9
