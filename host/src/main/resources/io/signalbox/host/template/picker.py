# template-name: chooses the endpoint itself, so it is the last of its chain. Change it, and save: a running host loads it anew.
#
# In a chain: least-kv-cache, template-name

from collections.abc import Sequence

from signalbox import Endpoint, Request, picker, random


@picker(
    # The name in chains.
    "template-name"
)
def pick(request: Request, endpoints: Sequence[Endpoint]) -> int:
    """The index of the endpoint to use, or -1 to leave the choice to the host. Endpoints are in address order. Here the
    better of two that chance names."""
    a = int(random() * len(endpoints))
    b = int(random() * len(endpoints))
    return a if endpoints[a].in_flight <= endpoints[b].in_flight else b
