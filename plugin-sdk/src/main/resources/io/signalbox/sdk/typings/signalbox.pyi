"""What a Signalbox plugin in Python sees, for editors and type checkers.

A plugin is a file, `name.py`, whose functions are strategies where a decorator says so:

    from signalbox import Endpoint, Params, Request, scorer

    @scorer("shortest-queue", prefer="low", needs=["waiting"], params={"slack": 2})
    def score(request: Request, endpoint: Endpoint, params: Params) -> float:
        return max(0, endpoint.waiting - params.slack)

Arguments at the end that a function does not need may be left out, and so may annotations. Functions must not block,
and have a time budget. What is not known is NaN, never 0.

The functions of a module with these names are called when there is something to tell: on_reserved, on_first_token,
on_completed, on_failed, on_cancelled, save_state and restore_state: see Observer and Stateful.
"""

from collections.abc import Callable, Iterator, KeysView, Mapping, Sequence
from typing import Any, Literal, Protocol, Required, TypeAlias, TypedDict, TypeVar

Signal: TypeAlias = Literal[
    "in_flight",
    "running",
    "waiting",
    "kv_cache_usage",
    "cpu_cache_usage",
    "busy_ratio",
    "utilization",
    "prompt_tokens_per_second",
    "output_tokens_per_second",
    "ttft_seconds",
    "itl_seconds",
    "e2e_seconds",
    "queue_seconds",
    "prefill_seconds_per_token",
    "decode_seconds_per_token",
    "error_ratio",
    "cached_tokens",
    "expected_seconds",
    "adapter_affinity",
    "consumption",
    "slo_slack",
]
"""The name of a signal: an attribute of Endpoint that is measured. In `needs` it says that the strategy makes no sense
without it: a chain whose signals nobody supplies is refused when it is loaded."""

class Endpoint:
    """One address that serves one model, and what is known about it now. Read-only. To remember an endpoint, remember
    its address: the object is the host's, and another one may come for the same address."""

    @property
    def address(self) -> str:
        """ip:port, IPv6 in brackets."""
    @property
    def model(self) -> str:
        """The name of the model it serves here."""
    @property
    def labels(self) -> Mapping[str, str]:
        """What the configuration says about it, such as spot: "true"."""
    @property
    def in_flight(self) -> float:
        """Requests this router sent and that have not ended; always known, read live. Unit: requests."""
    @property
    def running(self) -> float:
        """Requests the engine is computing; NaN where unknown. Unit: requests."""
    @property
    def waiting(self) -> float:
        """Requests queued in the engine; NaN where unknown. Unit: requests."""
    @property
    def kv_cache_usage(self) -> float:
        """Share of the accelerator's KV cache in use, 0 to 1; NaN where unknown. Unit: ratio."""
    @property
    def cpu_cache_usage(self) -> float:
        """Share of the host-memory KV cache tier in use, 0 to 1; NaN where there is no such tier. Unit: ratio."""
    @property
    def busy_ratio(self) -> float:
        """Share of the last seconds in which the endpoint had work, 0 to 1; NaN where unknown. Unit: ratio."""
    @property
    def utilization(self) -> float:
        """How busy the engine says it is, 0 to 1; few engines do; NaN where unknown. Unit: ratio."""
    @property
    def prompt_tokens_per_second(self) -> float:
        """Prompt tokens processed lately; NaN where unknown. Unit: tokens/s."""
    @property
    def output_tokens_per_second(self) -> float:
        """Output tokens generated lately; NaN where unknown. Unit: tokens/s."""
    @property
    def ttft_seconds(self) -> float:
        """Time to the first token lately, mean; NaN where unknown. Unit: s."""
    @property
    def itl_seconds(self) -> float:
        """Time from one token to the next lately, mean; NaN where unknown. Unit: s."""
    @property
    def e2e_seconds(self) -> float:
        """Time to the end of the answer lately, mean; NaN where unknown. Unit: s."""
    @property
    def queue_seconds(self) -> float:
        """Time requests lately waited in the engine's queue, mean; NaN where unknown. Unit: s."""
    @property
    def prefill_seconds_per_token(self) -> float:
        """Time to process one prompt token lately, mean; NaN where unknown. Unit: s/token."""
    @property
    def decode_seconds_per_token(self) -> float:
        """Time to generate one output token lately, mean; NaN where unknown. Unit: s/token."""
    @property
    def error_ratio(self) -> float:
        """Share of the requests that failed lately, 0 to 1: no answer, or a status from 500 on; NaN where unknown.
        Unit: ratio."""
    @property
    def cached_tokens(self) -> float:
        """Tokens of this request's prompt that the endpoint has in its KV cache, from the start on; NaN where unknown,
        or not in needs. Unit: tokens."""
    @property
    def expected_seconds(self) -> float:
        """How long this request is expected to take at the endpoint; NaN where unknown, or not in needs. Unit: s."""
    @property
    def adapter_affinity(self) -> float:
        """How ready the endpoint is for the LoRA adapter this request names: 1 loaded, 0.8 room for it, 0.6 it waits to
        be loaded, 0 full; NaN where unknown, or not in needs. Unit: ratio."""
    @property
    def consumption(self) -> float:
        """Share of what the endpoint can do within its targets that this request takes while it is there, 0 to 1; far
        above 1 where the endpoint cannot serve it within them at all; NaN where unknown, or not in needs. Unit: ratio."""
    @property
    def slo_slack(self) -> float:
        """How much sooner than its target this request is expected to be done at the endpoint; negative where later;
        NaN where unknown, or not in needs. Unit: s."""

class Headers(Mapping[str, str]):
    """Request headers, found by a name in any case, without those that carry credentials; the values of a repeated one
    are joined by ", "."""

    def __getitem__(self, name: str) -> str: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...

class Request:
    """The request being routed. Read-only. Keep what you need of it, not the object: it holds the body."""

    @property
    def model(self) -> str:
        """The model member of the body; never empty."""
    @property
    def user(self) -> str | None:
        """The user member of the body; None where the client sent none."""
    @property
    def headers(self) -> Headers: ...
    @property
    def session_id(self) -> str | None:
        """Header x-session-id, else x-aibrix-session-key; None where there is neither."""
    @property
    def stream(self) -> bool:
        """Whether the client asked for a stream of server-sent events."""
    @property
    def prompt(self) -> str:
        """The text the engine is asked to go on from; empty where the body has none. Read from the body when first
        asked for, which for a body of megabytes takes milliseconds."""
    @property
    def prompt_tokens(self) -> float:
        """Length of the prompt in tokens: exact where the client sent token ids, else estimated at four characters a
        token; NaN where the body has no prompt. Costs what prompt costs."""
    def body(self) -> bytes:
        """The body as the client sent it, JSON in UTF-8."""

class Completion:
    """How an exchange ended that the engine answered."""

    @property
    def status(self) -> int:
        """The HTTP status of the engine's answer."""
    @property
    def seconds(self) -> float:
        """From the decision to the end of the answer. Unit: seconds."""
    @property
    def prompt_tokens(self) -> float:
        """As the engine counted them; NaN where it did not say. Unit: tokens."""
    @property
    def output_tokens(self) -> float:
        """As the engine counted them; NaN where it did not say. Unit: tokens."""

class Params:
    """The values of the parameters, checked, with defaults filled in: an attribute for each that was declared, a float
    or a str. What is max-age in chains is max_age here. Also a mapping."""

    def __getattr__(self, name: str) -> Any: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __contains__(self, name: str, /) -> bool: ...
    def keys(self) -> KeysView[str]: ...
    def get(self, name: str, default: Any = None) -> Any: ...

class NumberParameter(TypedDict, total=False):
    """A parameter that is a number; any number is allowed where min and max are left out."""

    default: Required[float]
    min: float
    max: float
    unit: str
    description: str

class TextParameter(TypedDict, total=False):
    """A parameter that is a text."""

    default: Required[str]
    description: str

ParameterDeclarations: TypeAlias = Mapping[str, float | str | NumberParameter | TextParameter]
"""What a strategy lets its users set, by name, with the value used where nobody sets it. max_age here and in params is
max-age in chains and in the configuration."""

Scores: TypeAlias = list[float]
"""Where the form for all endpoints writes: one element for each endpoint, NaN at first."""

_Score: TypeAlias = (
    Callable[[Request, Endpoint, Params], float] | Callable[[Request, Endpoint], float] | Callable[[Request], float]
)
_ScoreAll: TypeAlias = (
    Callable[[Request, Sequence[Endpoint], Scores, Params], None] | Callable[[Request, Sequence[Endpoint], Scores], None]
)
_Keep: TypeAlias = (
    Callable[[Request, Endpoint, Params], bool] | Callable[[Request, Endpoint], bool] | Callable[[Request], bool]
)
_Pick: TypeAlias = Callable[[Request, Sequence[Endpoint], Params], int] | Callable[[Request, Sequence[Endpoint]], int]

_S = TypeVar("_S", bound=_Score | _ScoreAll | type[Any])
_K = TypeVar("_K", bound=_Keep | type[Any])
_P = TypeVar("_P", bound=_Pick | type[Any])

def scorer(
    name: str,
    *,
    prefer: Literal["low", "high"],
    needs: Sequence[Signal] = ...,
    params: ParameterDeclarations = ...,
    band: float | str = ...,
    scale: float = ...,
) -> Callable[[_S], _S]:
    """The function, or the class, rates endpoints; alone in a stage it keeps the best.

    score(request, endpoint, params) returns the score of one endpoint. A function with a parameter called scores, or
    with a name that ends in _all, is asked once for all: score_all(request, endpoints, scores, params) writes the score
    of endpoints[i] to scores[i]. NaN is unknown and loses against every known score. A class has a method score or
    score_all, and may have those of Observer and Stateful.

    name: the id in chains: a to z, 0 to 9 and -, at most 64 characters, unique among all plugins.
    prefer: which scores are the good ones.
    needs: the signals it makes no sense without.
    band: how far from the best a score may be and still stay: in the score's unit, or "5%" of the best; exact ties
        where left out.
    scale: the score that fills the scale under scale=absolute; greater than 0, 1 where left out.
    """

def filter(
    name: str,
    *,
    needs: Sequence[Signal] = ...,
    params: ParameterDeclarations = ...,
) -> Callable[[_K], _K]:
    """The function, or the method keep of the class, says whether an endpoint stays: keep(request, endpoint, params).

    A filter that would keep nobody is skipped, unless the chain says strict. For name and needs see scorer.
    """

def picker(
    name: str,
    *,
    needs: Sequence[Signal] = ...,
    params: ParameterDeclarations = ...,
) -> Callable[[_P], _P]:
    """The function, or the method pick of the class, chooses one endpoint and so ends the chain.

    pick(request, endpoints, params) returns an index, or -1 to leave the choice to the host, which then chooses at
    random. For name and needs see scorer.
    """

class Observer(Protocol):
    """The functions of a module, or of a decorated class, that learn what becomes of the requests that chains with its
    strategies have decided; all may be left out. After on_reserved exactly one of on_completed, on_failed and
    on_cancelled follows."""

    def on_reserved(self, request: Request, endpoint: Endpoint) -> None:
        """The endpoint was chosen."""
    def on_first_token(self, request: Request, endpoint: Endpoint, seconds: float) -> None:
        """The first byte of the answer's body arrived, seconds after the decision."""
    def on_completed(self, request: Request, endpoint: Endpoint, completion: Completion) -> None:
        """The engine answered to the end, with whatever status."""
    def on_failed(self, request: Request, endpoint: Endpoint) -> None:
        """The engine could not be reached, went away, or was silent for too long."""
    def on_cancelled(self, request: Request, endpoint: Endpoint) -> None:
        """The client went away first."""

class Stateful(Protocol):
    """The functions of a module, or of a decorated class, that carry state over a reload; both or none."""

    def save_state(self) -> Any:
        """Called before a new version takes over; what it returns, at most 1 MiB as JSON, is handed to the new one."""
    def restore_state(self, state: Any) -> None:
        """Called in a new version with what the old one saved, before it is asked anything."""

class _Log:
    def debug(self, *values: object) -> None: ...
    def info(self, *values: object) -> None: ...
    def warn(self, *values: object) -> None: ...
    def warning(self, *values: object) -> None: ...
    def error(self, *values: object) -> None: ...

log: _Log
"""Lines for the host's log, which appear with the plugin's name, as those that are printed do; long lines are cut, and
too many dropped."""

def random() -> float:
    """A number from 0 to below 1, from the host's generator."""
