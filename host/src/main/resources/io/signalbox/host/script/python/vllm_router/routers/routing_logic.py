"""RoutingInterface, what production-stack's routers subclass, and its six routers under their names.

The four that decide from statistics and text follow production-stack's rules. The three that need a service or a
second call (LMCache's controller; a prefill call before the decode call) can be made and subclassed, and say what is
missing when they are asked to route.
"""

from abc import abstractmethod

from signalbox import random
from vllm_router.utils import SingletonABCMeta

MAX_SETS = 1024


class RoutingInterface(metaclass=SingletonABCMeta):
    """A router: route_request returns the url of one of the endpoints it was given."""

    max_instance_failover_reroute_attempts = 0
    session_key = None

    @abstractmethod
    def route_request(self, endpoints, engine_stats, request_stats, request, request_json=None):
        """Plain or a coroutine; with or without the last argument, the body as a dictionary."""
        raise NotImplementedError

    def _qps_routing(self, endpoints, request_stats):
        """The first endpoint that never got a request, else the one with the fewest per second; None without any."""
        best, fewest = None, None
        for endpoint in endpoints:
            stats = request_stats.get(endpoint.url)
            if stats is None:
                return endpoint.url
            qps = stats.qps
            if best is None or qps < fewest:
                best, fewest = endpoint.url, qps
        return best

    def _update_hash_ring(self, endpoints):
        """Gives self.hash_ring exactly these endpoints as nodes."""
        wanted = {endpoint.url for endpoint in endpoints}
        present = set(self.hash_ring.get_nodes())
        for url in present - wanted:
            self.hash_ring.remove_node(url)
        for url in wanted - present:
            self.hash_ring.add_node(url)

    def extract_session_id(self, request, request_json):
        """Header self.session_key, else that member of the body; None where there is neither or no session_key."""
        if self.session_key is None:
            return None
        session = request.headers.get(self.session_key)
        return request_json.get(self.session_key) if session is None else session


class RoundRobinRouter(RoutingInterface):
    """In turn over the urls in alphabetical order, with a turn of its own for every set of urls."""

    def __init__(self):
        self._turns = {}

    def route_request(self, endpoints, engine_stats, request_stats, request):
        if not endpoints:
            raise ValueError("round robin: there is no endpoint")
        urls = frozenset([endpoint.url for endpoint in endpoints])
        cycle = self._turns.get(urls)
        if cycle is None:
            if len(self._turns) >= MAX_SETS:
                self._turns.clear()
            cycle = self._turns[urls] = [0, sorted(urls)]
        turn = cycle[0]
        cycle[0] = (turn + 1) % len(cycle[1])
        return cycle[1][turn]


class SessionRouter(RoutingInterface):
    """A session stays with its endpoint, by consistent hashing; without a session: the fewest requests per second."""

    def __init__(self, session_key=None):
        if not session_key:
            raise ValueError("SessionRouter needs session_key: the header or body member that names the session")
        from uhashring import HashRing

        self.session_key = session_key
        self.hash_ring = HashRing()
        self._urls = None

    async def route_request(self, endpoints, engine_stats, request_stats, request, request_json):
        session = self.extract_session_id(request, request_json)
        urls = [endpoint.url for endpoint in endpoints]
        if urls != self._urls:
            self._update_hash_ring(endpoints)
            self._urls = urls
        if session is None:
            return self._qps_routing(endpoints, request_stats)
        return self.hash_ring.get_node(session)


class PrefixAwareRouter(RoutingInterface):
    """One of the endpoints that were sent the longest beginning of this prompt, at random.

    A shorter match than prefix_min_match_length characters, and a body without text: the fewest requests per second.
    Memory is bounded, see HashTrie.
    """

    def __init__(self, prefix_min_match_length=0):
        from vllm_router.prefix.hashtrie import HashTrie

        self.prefix_min_match_length = prefix_min_match_length or 0
        self.hashtrie = HashTrie()

    async def route_request(self, endpoints, engine_stats, request_stats, request, request_json):
        text = _text(request_json)
        if text is None:
            return self._qps_routing(endpoints, request_stats)
        length, matched = await self.hashtrie.longest_prefix_match(text, {endpoint.url for endpoint in endpoints})
        if length < self.prefix_min_match_length:
            url = self._qps_routing(endpoints, request_stats)
        else:
            url = sorted(matched)[int(random() * len(matched))]
        await self.hashtrie.insert(text, url)
        return url


def _text(body):
    """The contents of the messages, one per line, else the prompt; None where that is not a text."""
    if "messages" not in body:
        prompt = body.get("prompt")
        return prompt if isinstance(prompt, str) else None
    contents = []
    for message in body["messages"]:
        content = message.get("content")
        if isinstance(content, list):
            contents.append(" ".join(part.get("text", "") for part in content if part.get("type") == "text"))
        elif content is not None:
            contents.append(content)
    return "\n".join(contents)


class KvawareRouter(RoutingInterface):
    """Can be subclassed. It asks LMCache's controller where a prompt's KV blocks are, which a plugin cannot reach."""

    def __init__(self, lmcache_controller_port=None, session_key=None, kv_aware_threshold=2000, **_):
        self.lmcache_controller_port = lmcache_controller_port
        self.session_key = session_key
        self.threshold = kv_aware_threshold

    async def route_request(self, endpoints, engine_stats, request_stats, request, request_json):
        raise NotImplementedError(
            f"{type(self).__name__}: LMCache's controller, which knows where blocks are, cannot be reached by a plugin"
        )


class DisaggregatedPrefillRouter(RoutingInterface):
    """Can be subclassed. A router chooses one endpoint for one call; prefill and decode take two."""

    def __init__(self, prefill_model_labels=None, decode_model_labels=None):
        self.prefill_model_labels = prefill_model_labels or []
        self.decode_model_labels = decode_model_labels or []

    def route_request(self, endpoints, engine_stats, request_stats, request, request_json=None):
        raise NotImplementedError(
            f"{type(self).__name__}: a prefill call before the decode call is not something a plugin can order"
        )


class DisaggregatedPrefillOrchestratedRouter(DisaggregatedPrefillRouter):
    """Can be subclassed; which endpoints are for prefill and which for decode can be asked."""

    def __init__(self, prefill_model_labels=None, decode_model_labels=None):
        super().__init__(prefill_model_labels, decode_model_labels)
        self._turn = [0, 0]

    def _find_endpoints(self, endpoints):
        prefill = [endpoint for endpoint in endpoints if endpoint.model_label in self.prefill_model_labels]
        decode = [endpoint for endpoint in endpoints if endpoint.model_label in self.decode_model_labels]
        return prefill, decode

    def select_prefill_endpoint(self, endpoints):
        return self._next(0, self._find_endpoints(endpoints)[0], "PREFILL")

    def select_decode_endpoint(self, endpoints):
        return self._next(1, self._find_endpoints(endpoints)[1], "DECODE")

    def _next(self, role, endpoints, name):
        if not endpoints:
            from fastapi import HTTPException

            raise HTTPException(503, f"{name}_SERVICE_UNAVAILABLE: no endpoint has one of the labels")
        self._turn[role] += 1
        ordered = sorted(endpoints, key=lambda endpoint: endpoint.url)
        return ordered[(self._turn[role] - 1) % len(ordered)]


_ROUTERS = {
    "roundrobin": RoundRobinRouter,
    "session": SessionRouter,
    "kvaware": KvawareRouter,
    "prefixaware": PrefixAwareRouter,
    "disaggregated_prefill": DisaggregatedPrefillRouter,
    "disaggregated_prefill_orchestrated": DisaggregatedPrefillOrchestratedRouter,
}
_NAMES = (
    "ROUND_ROBIN",
    "SESSION_BASED",
    "KVAWARE",
    "PREFIXAWARE",
    "DISAGGREGATED_PREFILL",
    "DISAGGREGATED_PREFILL_ORCHESTRATED",
)


def __getattr__(name):
    if name != "RoutingLogic":
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from enum import Enum

    logic = Enum("RoutingLogic", list(zip(_NAMES, _ROUTERS)), type=str, module=__name__)
    globals()["RoutingLogic"] = logic
    return logic


def initialize_routing_logic(routing_logic, *_, **options):
    """The router of this kind, made with those of the options its constructor knows."""
    kind = getattr(routing_logic, "value", routing_logic)
    if kind not in _ROUTERS:
        raise ValueError(f"unknown routing logic '{kind}': {', '.join(_ROUTERS)}")
    router = _ROUTERS[kind]
    known, _ = constructor_arguments(router)
    return router(**{name: value for name, value in options.items() if name in known})


def reconfigure_routing_logic(routing_logic, *_, **options):
    cleanup_routing_logic()
    return initialize_routing_logic(routing_logic, **options)


def get_routing_logic():
    for router in _ROUTERS.values():
        instance = router(create=False)
        if instance is not None:
            return instance
    raise ValueError("no routing logic has been initialized")


def cleanup_routing_logic():
    for router in _ROUTERS.values():
        instance = SingletonABCMeta._instances.pop(router, None)
        if hasattr(instance, "close"):
            instance.close()


def constructor_arguments(router):
    """The names a constructor knows with their defaults (... for none), and whether it takes any other name too."""
    code = getattr(router.__init__, "__code__", None)
    if code is None:
        return {}, False
    names = code.co_varnames[1 : code.co_argcount]
    defaults = router.__init__.__defaults__ or ()
    known = dict.fromkeys(names, ...)
    known.update(zip(names[len(names) - len(defaults) :], defaults))
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    for name in keywords:
        known[name] = (router.__init__.__kwdefaults__ or {}).get(name, ...)
    return known, bool(code.co_flags & 0x08)
