from signalbox import Endpoint, Request, filter


@filter("f")
def keep(request: Request, endpoint: Endpoint) -> bool:
    # wrong: None where the client sent none
    return request.user.startswith("a")
