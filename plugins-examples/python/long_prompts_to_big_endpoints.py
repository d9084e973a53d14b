# long-prompts-to-big-endpoints: prompts that would fill a small engine's KV cache go to the endpoints with the label
# size: "large", and those are kept free for them. Where no endpoint of the right size is left, the stage is skipped.
#
# Parameters: min-tokens (default 8000): from which length on a prompt is long. Where the length is unknown, all stay.

from math import isnan

from signalbox import Endpoint, Params, Request, filter


@filter(
    "long-prompts-to-big-endpoints",
    params={
        "min_tokens": {"default": 8000, "min": 1, "max": 10_000_000, "unit": "tokens", "description": "length of a long prompt"}
    },
)
def keep(request: Request, endpoint: Endpoint, params: Params) -> bool:
    is_large = endpoint.labels.get("size") == "large"
    return isnan(request.prompt_tokens) or is_large == (request.prompt_tokens >= params.min_tokens)
