from signalbox import Endpoint, Request, scorer


# wrong: the answer is needed now
@scorer("s", prefer="low")
async def score(request: Request, endpoint: Endpoint) -> float:
    return endpoint.waiting
