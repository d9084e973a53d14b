# template-name: says which endpoints may serve a request. Change it, and save: a running host loads it anew.
#
# In a chain: template-name;min-prompt-tokens=1000, least-request

from signalbox import Endpoint, Params, Request, filter


@filter(
    # The name in chains.
    "template-name",
    # What chains can set, by kebab-case names: min-prompt-tokens.
    params={
        "min_prompt_tokens": {
            "default": 0, "min": 0, "max": 10_000_000, "unit": "tokens", "description": "shorter prompts go anywhere"
        }
    },
)
def keep(request: Request, endpoint: Endpoint, params: Params) -> bool:
    """Whether an endpoint stays: here long prompts keep off spot instances. Where none would stay, all do."""
    # Labels are what the configuration says of an endpoint.
    return endpoint.labels.get("spot") != "true" or request.prompt_tokens < params.min_prompt_tokens
