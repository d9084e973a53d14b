# template-name: rates endpoints by their load. Change it, and save: a running host loads it anew.
#
# In a chain: template-name;kv-weight=8, least-request

from signalbox import Endpoint, Params, Request, scorer


@scorer(
    # The name in chains.
    "template-name",
    # Which scores are the good ones: "low" or "high".
    prefer="low",
    # Signals without which this makes no sense; others may be used too.
    needs=["waiting", "kv_cache_usage"],
    # What chains can set, by kebab-case names: kv-weight.
    params={
        "kv_weight": {"default": 4, "min": 0, "max": 1000, "unit": "requests", "description": "what a full KV cache counts as"}
    },
)
def score(request: Request, endpoint: Endpoint, params: Params) -> float:
    """The score of one endpoint. What is not known of it is NaN, which makes the score NaN: it loses against every known
    one."""
    return endpoint.waiting + params.kv_weight * endpoint.kv_cache_usage
