# spot-avoider: keeps requests that are dear to lose off spot instances, which their cloud takes away at short notice.
# Endpoints are told apart by their label spot: "true". Where no other endpoint is left, the stage is skipped.
#
# Parameters: min-prompt-tokens (default 0: every request): from which length on a prompt is dear. A request whose length
# is unknown is.

from signalbox import Endpoint, Params, Request, filter


@filter(
    "spot-avoider",
    params={
        "min_prompt_tokens": {
            "default": 0, "min": 0, "max": 10_000_000, "unit": "tokens", "description": "shorter prompts may go anywhere"
        }
    },
)
def keep(request: Request, endpoint: Endpoint, params: Params) -> bool:
    # The prompt is only looked at where its length matters: that reads the body.
    if endpoint.labels.get("spot") != "true":
        return True
    return params.min_prompt_tokens > 0 and request.prompt_tokens < params.min_prompt_tokens
