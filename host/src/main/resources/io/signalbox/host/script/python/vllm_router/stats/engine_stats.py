"""What is known about an engine, by production-stack's names.

Every candidate has an entry, always, and a field nobody reported is 0. That is a deliberate exception to Signalbox's
rule that an unknown value is NaN: production-stack's own class says 0, and routers written for it index the
dictionary and compare the values without a guard. `active_connections` is never unknown: Signalbox counts it itself.
"""

from vllm_router.records import Record, live_view

NAN = float("nan")


def _alias(name):
    return property(lambda self: getattr(self, name), lambda self, value: setattr(self, name, value))


class EngineStats(Record):
    """The load of one engine. `active_connections` is Signalbox's addition, and so are the aliases."""

    num_running_requests: int = 0
    num_queuing_requests: int = 0
    gpu_prefix_cache_hit_rate: float = 0
    gpu_prefix_cache_hits_total: int = 0
    gpu_prefix_cache_queries_total: int = 0
    gpu_cache_usage_perc: float = 0
    active_connections: int = 0

    num_requests_running = _alias("num_running_requests")
    num_requests_waiting = _alias("num_queuing_requests")
    kv_cache_usage_perc = _alias("gpu_cache_usage_perc")
    prefix_cache_hit_rate = _alias("gpu_prefix_cache_hit_rate")


def _known(value):
    return value if value == value else 0


LiveEngineStats = live_view(
    EngineStats,
    {
        "num_running_requests": lambda endpoint: _known(endpoint.running),
        "num_queuing_requests": lambda endpoint: _known(endpoint.waiting),
        "gpu_prefix_cache_hit_rate": lambda endpoint: _known(getattr(endpoint, "prefix_cache_hit_rate", NAN)),
        "gpu_prefix_cache_hits_total": lambda endpoint: _known(getattr(endpoint, "prefix_cache_hits", NAN)),
        "gpu_prefix_cache_queries_total": lambda endpoint: _known(getattr(endpoint, "prefix_cache_queries", NAN)),
        "gpu_cache_usage_perc": lambda endpoint: _known(endpoint.kv_cache_usage),
        "active_connections": lambda endpoint: int(endpoint.in_flight),
    },
)


class EngineStatsScraper:
    """Hands out the statistics of the candidates of the call that is being decided; it scrapes nothing itself."""

    def __init__(self):
        self.engine_stats = {}

    def get_engine_stats(self):
        return dict(self.engine_stats)

    def get_health(self):
        return True

    def close(self):
        """Nothing is held."""


_scraper = EngineStatsScraper()


def get_engine_stats_scraper():
    return _scraper
