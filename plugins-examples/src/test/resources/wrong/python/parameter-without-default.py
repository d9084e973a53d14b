from signalbox import Endpoint, Request, filter


# wrong: what counts where nobody sets it
@filter("f", params={"slack": {"min": 0, "max": 9}})
def keep(request: Request, endpoint: Endpoint) -> bool:
    return endpoint.waiting < 9
