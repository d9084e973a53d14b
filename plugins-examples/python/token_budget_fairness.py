# token-budget-fairness: who used more tokens lately than a budget stays off the endpoints with the label reserve: "true",
# so that there is always room for everybody else. Users within their budget may go anywhere.
#
# What counts are the prompt and output tokens that engines reported for a user's requests; a count halves every minute.
# Requests without a user are one user. The counts of a process are its own, and are kept over a reload of this file.
#
# Parameters: budget (default 20000): tokens; with a steady use this is about a minute and a half of it.

import time
from math import isnan

from signalbox import Completion, Endpoint, Params, Request, filter

HALF_LIFE_SECONDS = 60
MAX_USERS = 5_000

used: dict[str, tuple[float, float]] = {}
"""Tokens, and when they were counted, by user; who was counted last stands last."""


@filter(
    "token-budget-fairness",
    params={"budget": {"default": 20_000, "min": 1, "unit": "tokens", "description": "how much a user may use lately"}},
)
def keep(request: Request, endpoint: Endpoint, params: Params) -> bool:
    return endpoint.labels.get("reserve") != "true" or used_lately(request.user or "", time.time()) <= params.budget


def on_completed(request: Request, endpoint: Endpoint, completion: Completion) -> None:
    now = time.time()
    user = request.user or ""
    tokens = used_lately(user, now) + known(completion.prompt_tokens) + known(completion.output_tokens)
    used.pop(user, None)
    used[user] = (tokens, now)
    if len(used) > MAX_USERS:
        del used[next(iter(used))]


def used_lately(user: str, now: float) -> float:
    tokens, counted = used.get(user, (0.0, now))
    return tokens * 0.5 ** ((now - counted) / HALF_LIFE_SECONDS)


def known(tokens: float) -> float:
    return 0.0 if isnan(tokens) else tokens


def save_state() -> dict[str, tuple[float, float]]:
    return used


def restore_state(state: dict[str, list[float]]) -> None:
    for user, (tokens, counted) in state.items():
        used[user] = (tokens, counted)
