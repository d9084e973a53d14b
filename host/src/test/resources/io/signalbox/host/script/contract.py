# The same strategies as contract.mjs: what the two languages must agree on.
from signalbox import filter, picker, random, scorer


@scorer("one", prefer="low", needs=["waiting", "kv_cache_usage"], params={"weight": 4})
def score(request, endpoint, params):
    return endpoint.waiting + params.weight * endpoint.kv_cache_usage


@scorer(
    "all",
    prefer="low",
    needs=["waiting"],
    params={"max_age": {"default": 10, "min": 0, "max": 100, "unit": "s", "description": "how old"}},
)
def score_all(request, endpoints, scores, params):
    for i, endpoint in enumerate(endpoints):
        scores[i] = endpoint.waiting * params.max_age


@scorer("unwritten", prefer="low")
def by_parameter_name(request, endpoints, scores):
    scores[0] = 1


@scorer("no-arguments", prefer="low")
def no_arguments():
    return 7


@scorer("request-only", prefer="low")
def request_only(request):
    return len(request.model)


@scorer("in-flight", prefer="low")
def in_flight(request, endpoint):
    return endpoint.in_flight


@scorer("unknown", prefer="low")
def unknown(request, endpoint):
    return endpoint.cpu_cache_usage


@scorer("by-label", prefer="high")
def by_label(request, endpoint):
    return float(endpoint.labels["price"])


@scorer("no-label", prefer="low")
def no_label(request, endpoint):
    return 1 if endpoint.labels.get("nope") is None else 0


@scorer("by-port", prefer="low")
def by_port(request, endpoint):
    return int(endpoint.address.split(":")[1]) - 8000


@scorer("by-model", prefer="low")
def by_model(request, endpoint):
    return 1 if endpoint.model == request.model else 0


@scorer("text-parameter", prefer="low", params={"tier": "gold"})
def text_parameter(request, endpoint, params):
    return 1 if params.tier == "gold" else 2


@scorer("user", prefer="low")
def user(request):
    return -1 if request.user is None else len(request.user)


@scorer("session", prefer="low")
def session(request):
    return -1 if request.session_id is None else len(request.session_id)


@scorer("header", prefer="low")
def header(request):
    tier = request.headers.get("X-Tier")
    return -1 if tier is None or "x-TIER" not in request.headers else len(request.headers["x-tier"])


@scorer("headers", prefer="low")
def headers(request):
    return len(dict(request.headers))


@scorer("prompt", prefer="low")
def prompt(request):
    return len(request.prompt)


@scorer("prompt-tokens", prefer="low")
def prompt_tokens(request):
    return request.prompt_tokens


@scorer("body", prefer="low")
def body(request):
    return len(request.body().decode())


@scorer("stream", prefer="low")
def stream(request):
    return 1 if request.stream else 0


@scorer("random", prefer="low")
def chance():
    return random()


@scorer("infinite", prefer="low")
def infinite():
    return float("inf")


@scorer("banded", prefer="low", band="5%", scale=8)
def banded():
    return 0


counted = 0


@scorer("module-state", prefer="low")
def module_state():
    global counted
    counted += 1
    return counted


@scorer("own-state", prefer="high")
class Counting:
    def __init__(self):
        self.calls = 0

    def score(self):
        self.calls += 1
        return self.calls


@filter("cheap", params={"limit": 9})
def cheap(request, endpoint, params):
    return float(endpoint.labels["price"]) <= params.limit


@picker("last")
def last(request, endpoints):
    return len(endpoints) - 1


@picker("nobody")
def nobody():
    return -1


@picker("least")
def least(request, endpoints):
    return min(range(len(endpoints)), key=lambda i: endpoints[i].waiting)
