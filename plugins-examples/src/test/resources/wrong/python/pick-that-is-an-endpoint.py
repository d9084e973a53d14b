from collections.abc import Sequence

from signalbox import Endpoint, Request, picker


# wrong: an index
@picker("p")
def pick(request: Request, endpoints: Sequence[Endpoint]) -> Endpoint:
    return endpoints[0]
