from signalbox import Endpoint, Request, filter


@filter("f")
def keep(request: Request, endpoint: Endpoint) -> bool:
    # wrong: not every endpoint has the label
    return endpoint.labels.get("size").startswith("l")
