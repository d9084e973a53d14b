# The twin of the built-in strategy, but for its position: each copy of a plugin has its own.
from collections.abc import Sequence

from signalbox import Endpoint, Request, picker

last: dict[str, tuple[str, int]] = {}
"""Host and port chosen last, by model."""


@picker("round-robin")
def pick(request: Request, endpoints: Sequence[Endpoint]) -> int:
    addresses = [split(endpoint.address) for endpoint in endpoints]
    previous = last.get(request.model)
    chosen = 0
    if previous is not None:
        chosen = next((i for i, address in enumerate(addresses) if address > previous), 0)
    last[request.model] = addresses[chosen]
    return chosen


def split(address: str) -> tuple[str, int]:
    """In the host's order: hosts as text, ports as numbers."""
    host, port = address.rsplit(":", 1)
    return host.strip("[]"), int(port)
