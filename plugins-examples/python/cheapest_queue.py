# cheapest-queue: the endpoint where a request waits least. A full KV cache counts as four waiting requests, since an
# engine without free blocks makes new requests wait however short its queue is.
#
# Parameters: kv-weight (default 4): how many waiting requests a full KV cache counts as.

from signalbox import Endpoint, Params, Request, scorer


@scorer(
    "cheapest-queue",
    prefer="low",
    needs=["waiting", "kv_cache_usage"],
    params={
        "kv_weight": {"default": 4, "min": 0, "max": 1000, "unit": "requests", "description": "what a full KV cache counts as"}
    },
)
def score(request: Request, endpoint: Endpoint, params: Params) -> float:
    return endpoint.waiting + params.kv_weight * endpoint.kv_cache_usage
