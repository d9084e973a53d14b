from signalbox import Endpoint, Request, filter


# wrong: a filter has no scores
@filter("f", prefer="low")
def keep(request: Request, endpoint: Endpoint) -> bool:
    return endpoint.waiting < 9
