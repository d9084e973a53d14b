# The twin of the built-in strategy.
from signalbox import Endpoint, Request, scorer


@scorer(
    "least-request",
    prefer="low",
    needs=["in_flight"],
    params={"slots": {"default": 256, "min": 1, "max": 1_000_000, "unit": "requests"}},
)
def score(request: Request, endpoint: Endpoint) -> float:
    return endpoint.in_flight
