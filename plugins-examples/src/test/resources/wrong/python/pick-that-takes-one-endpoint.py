from signalbox import Endpoint, Request, picker


# wrong: a picker sees all endpoints
@picker("p")
def pick(request: Request, endpoint: Endpoint) -> int:
    return 0
