"""Makes strategies of production-stack's routers: each class of a module becomes a picker of the class's name.

strategies_of(module) is what the host calls, once per version of a plugin. What the strategies hand to a router, and
what they accept from it, is docs/production-stack.md.
"""

from time import monotonic, time

import production_stack_shape as shape
from starlette.requests import Application, Request
from vllm_router import service_discovery
from vllm_router.routers.routing_logic import RoutingInterface
from vllm_router.service_discovery import EndpointInfo
from vllm_router.stats import engine_stats as engine_statistics
from vllm_router.stats import request_stats as request_statistics
from vllm_router.stats.engine_stats import LiveEngineStats
from vllm_router.stats.request_stats import RequestStats, RequestStatsMonitor

MAX_KNOWN = 4096
MAX_USES = 64
MAX_SUSPENSIONS = 1000


def strategies_of(module):
    """The strategies of the RoutingInterface subclasses a module defines; classes whose names start with _ are not.

    TypeError with the reason where one of them cannot be a strategy. Empty where the module defines none.
    """
    found = {}
    for value in list(vars(module).values()):
        if not _is_router(value, module.__name__):
            continue
        if getattr(value, "__abstractmethods__", None):
            missing = ", ".join(sorted(value.__abstractmethods__))
            raise TypeError(f"{value.__name__}: {missing} is missing; start its name with _ if it is no router itself")
        strategy = RouterStrategy(value)
        if strategy.name in found and found[strategy.name].router_class is not value:
            raise TypeError(f"{value.__name__}: another router of this file is called '{strategy.name}' too")
        found[strategy.name] = strategy
    return list(found.values())


def _is_router(value, module):
    return (
        isinstance(value, type)
        and issubclass(value, RoutingInterface)
        and value.__module__ == module
        and not value.__name__.startswith("_")
    )


class RouterStrategy:
    """One router class as a picker. Not for two threads at a time.

    A router is made for each set of parameters in use: for the defaults before the first question, else with it. The statistics of requests are
    kept here, from what the host reports of each exchange.
    """

    kind = "picker"

    def __init__(self, router_class):
        self.router_class = router_class
        self.name = shape.checked_name(router_class.__name__)
        self.needs = []
        self.params = shape.declared_parameters(router_class)
        self.monitor = RequestStatsMonitor()
        self._takes_body = shape.takes_body(router_class)
        self._body = _Unread if shape.wants_session_alone(router_class) else _body
        self._uses = {}
        self._last_params = None
        self._last_use = None
        self._fleet = None
        self._known = {}

    def ready(self, params):
        """Makes the router for these parameters before it is first asked."""
        self._use(params)

    def pick(self, request, endpoints, params=None):
        """The index of the endpoint the router chose. What the router raises, HTTPException too, passes through."""
        began = monotonic()
        self.monitor.now = began
        use = self._use(params)
        fleet = self._current(endpoints)
        view = Request(request, use.app)
        self._publish(fleet, use)
        url = self._ask(use, fleet, view)
        index = fleet.index.get(url) if isinstance(url, str) else None
        if index is None:
            raise ValueError(f"{self.router_class.__name__}.route_request {_wrong(url, len(fleet.infos))}")
        if use.compat_log:
            _log_line(use.router, view, url, monotonic() - began)
        return index

    def on_reserved(self, request, endpoint):
        self._at_now().reserved(_key(request, endpoint), _url(endpoint))

    def on_first_token(self, request, endpoint, seconds):
        self._at_now().first_token(_key(request, endpoint), seconds)

    def on_completed(self, request, endpoint, completion):
        self._at_now().completed(_key(request, endpoint), completion.seconds)

    def on_failed(self, request, endpoint):
        self._at_now().abandoned(_key(request, endpoint))

    on_cancelled = on_failed

    def close(self):
        """Closes the routers that can be closed."""
        uses, self._uses = self._uses, {}
        self._last_use = None
        for use in uses.values():
            if hasattr(use.router, "close"):
                use.router.close()

    def _at_now(self):
        self.monitor.now = monotonic()
        return self.monitor

    def _use(self, params):
        # The host passes the same object for the same parameters.
        if self._last_use is None or self._last_params is not params:
            self._last_use = self._use_of(params)
            self._last_params = params
        return self._last_use

    def _use_of(self, params):
        given = shape.as_dict(params)
        key = tuple(given.items())
        use = self._uses.get(key)
        if use is None:
            if len(self._uses) >= MAX_USES:
                raise ValueError(f"{self.name}: more than {MAX_USES} different sets of parameters are in use")
            use = self._uses[key] = _Use(self.router_class, given, single=not self._uses)
            use.state.request_stats_monitor = self.monitor
        return use

    def _current(self, endpoints):
        fleet = self._fleet
        if fleet is not None and fleet.writes == LiveEngineStats.writes and fleet.endpoints == tuple(endpoints):
            return fleet
        if len(self._known) > MAX_KNOWN or (fleet is not None and fleet.writes != LiveEngineStats.writes):
            self._known.clear()
        self._fleet = _Fleet(tuple(endpoints), [self._candidate(endpoint) for endpoint in endpoints])
        return self._fleet

    def _candidate(self, endpoint):
        candidate = self._known.get(endpoint.address)
        if candidate is None or not candidate.follow(endpoint):
            candidate = self._known[endpoint.address] = _Candidate(endpoint)
        return candidate

    def _publish(self, fleet, use):
        """Gives the accessor functions of the modules what this call is about."""
        service_discovery.get_service_discovery().endpoints = fleet.infos
        engine_statistics.get_engine_stats_scraper().engine_stats = fleet.engine_stats
        request_statistics._use(self.monitor)

    def _ask(self, use, fleet, view):
        request_stats = self.monitor.get_request_stats()
        if use.zero_fill:
            request_stats = {url: request_stats.get(url) or RequestStats() for url in fleet.index}
        arguments = [list(fleet.infos), dict(fleet.engine_stats), request_stats, view]
        if self._takes_body:
            arguments.append(self._body(view))
        answer = use.router.route_request(*arguments)
        return answer if isinstance(answer, str) or not hasattr(answer, "__await__") else _driven(answer)


class _Use:
    """A router made for one set of parameters."""

    def __init__(self, router_class, params, single):
        options = {**shape.OPTIONS, **params}
        self.zero_fill = shape.flag("zero_fill", options["zero_fill"])
        self.compat_log = shape.flag("compat_log", options["compat_log"])
        arguments = shape.constructor_values(router_class, params)
        # A singleton knows one set of parameters; those after the first are made around it.
        self.router = router_class(**arguments) if single else type.__call__(router_class, **arguments)
        self.app = Application()
        self.state = self.app.state
        self.state.router = self.router
        self.state.engine_stats_scraper = engine_statistics.get_engine_stats_scraper()


class _Candidate:
    """What a router sees of an endpoint, kept while the endpoint's model and labels stay."""

    def __init__(self, endpoint):
        labels = dict(endpoint.labels)
        self.url = _url(endpoint)
        self.endpoint = endpoint
        self.stats = LiveEngineStats(endpoint)
        self.info = EndpointInfo(
            url=self.url,
            model_names=[endpoint.model],
            Id=endpoint.address,
            added_timestamp=int(time()),
            model_label=labels.get("model", "default"),
            sleep=False,
            pod_name=labels.get("pod_name"),
            service_name=labels.get("service_name"),
            namespace=labels.get("namespace"),
            labels=labels,
        )

    def follow(self, endpoint):
        """Reads from this object from now on; False where it is not the same endpoint any more."""
        if self.endpoint is endpoint:
            return True
        if endpoint.model not in self.info.model_names or self.info.labels != dict(endpoint.labels):
            return False
        self.endpoint = endpoint
        self.stats._source = endpoint
        return True


class _Fleet:
    """The candidates of a call, in the forms routers want; kept for the next call with the same ones."""

    def __init__(self, endpoints, candidates):
        self.endpoints = endpoints
        self.infos = [candidate.info for candidate in candidates]
        self.engine_stats = {candidate.url: candidate.stats for candidate in candidates}
        self.index = {}
        for at, candidate in enumerate(candidates):
            self.index.setdefault(candidate.url, at)
        self.writes = LiveEngineStats.writes


def _url(endpoint):
    return "http://" + endpoint.address


def _key(request, endpoint):
    """Tells exchanges apart; a request that is tried on a second endpoint is a second exchange."""
    return request.exchange, endpoint.address


def _body(view):
    """The body as a dictionary, empty where it is something else (an upload in parts)."""
    try:
        body = view._json
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


class _Unread:
    """A body that is read when a member is asked for: reading one of 100 KB takes longer than choosing."""

    def __init__(self, view):
        self._view = view

    def get(self, name):
        return _body(self._view).get(name)


WAITS = (
    "route_request waits for something outside; a router is asked while a request stands still, so it may only await"
    " what is there already"
)


def _driven(awaitable):
    steps = awaitable.__await__()
    try:
        for _ in range(MAX_SUSPENSIONS):
            if steps.send(None) is not None:
                break
    except StopIteration as end:
        return end.value
    except RuntimeError as failure:
        if "event loop" in str(failure):
            raise RuntimeError(WAITS) from failure
        raise
    steps.close()
    raise RuntimeError(WAITS)


def _wrong(answer, count):
    if answer is None:
        return f"returned None instead of the url of one of the {count} endpoints"
    if not isinstance(answer, str):
        return f"returned {type(answer).__name__} instead of the url of one of the {count} endpoints"
    return f"returned a text that is not the url of one of the {count} endpoints it was given"


def _log_line(router, view, url, seconds):
    """The line production-stack's end-to-end tests look for."""
    from vllm_router.log import init_logger

    session = router.extract_session_id(view, _body(view) if router.session_key is not None else {})
    request_id = view.headers.get("x-request-id", "-")
    init_logger("production_stack").info(
        f"Routing request {request_id} with session id {session} to {url} at {time()}, process time = {seconds:.6f}"
    )
