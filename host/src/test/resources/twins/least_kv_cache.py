# The twin of the built-in strategy, in the form that is asked once for all endpoints.
from collections.abc import Sequence
from math import isnan

from signalbox import Endpoint, Request, Scores, scorer


@scorer("least-kv-cache", prefer="low", band=0.01, needs=["kv_cache_usage", "cpu_cache_usage"])
def score_all(request: Request, endpoints: Sequence[Endpoint], scores: Scores) -> None:
    for i, endpoint in enumerate(endpoints):
        cpu = endpoint.cpu_cache_usage
        scores[i] = endpoint.kv_cache_usage + (0 if isnan(cpu) else cpu)
