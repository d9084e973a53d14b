from signalbox import Endpoint, Request, filter


@filter("f")
def keep(request: Request, endpoint: Endpoint) -> bool:
    # wrong: no such attribute
    return request.tenant == "acme"
