from signalbox import Endpoint, Request


def on_reserved(request: Request, endpoint: Endpoint) -> None:
    # wrong: endpoints are read-only
    endpoint.waiting = 1
