from signalbox import Endpoint, Request, filter


@filter("f")
def keep(request: Request, endpoint: Endpoint) -> bool:
    # wrong: a method
    return len(request.body) > 1000
