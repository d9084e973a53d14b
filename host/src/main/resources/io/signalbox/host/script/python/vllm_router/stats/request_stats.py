"""What this router saw of its own requests, by production-stack's names.

Only endpoints that ever received a request from this router have an entry. Differences from production-stack: a request
that failed or was cancelled is taken off the counts like one that completed, and memory is bounded.
"""

from vllm_router.records import Record, live_view

UNKNOWN = -1
MAX_ENDPOINTS = 4096
MAX_OPEN = 65536
BUCKETS = 60


class RequestStats(Record):
    """Counts in requests, times in seconds; -1 where nothing is known."""

    qps: float = 0
    ttft: float = UNKNOWN
    in_prefill_requests: int = 0
    in_decoding_requests: int = 0
    finished_requests: int = 0
    uptime: float = 0
    avg_decoding_length: float = UNKNOWN
    avg_latency: float = UNKNOWN
    avg_itl: float = UNKNOWN
    num_swapped_requests: int = 0


class SlidingWindow:
    """Count and sum over the last BUCKETS slices of time; the oldest slice leaves as a whole."""

    def __init__(self, seconds):
        self.seconds = seconds
        self._width = seconds / BUCKETS
        self._counts = [0] * BUCKETS
        self._sums = [0.0] * BUCKETS
        self._slice = 0
        self.count = 0
        self.sum = 0.0

    def add(self, now, value):
        self.advance(now)
        at = self._slice % BUCKETS
        self._counts[at] += 1
        self._sums[at] += value
        self.count += 1
        self.sum += value

    def advance(self, now):
        current = int(now / self._width)
        passed = current - self._slice
        if passed <= 0:
            return
        for step in range(1, min(passed, BUCKETS) + 1):
            at = (self._slice + step) % BUCKETS
            self.count -= self._counts[at]
            self.sum -= self._sums[at]
            self._counts[at] = 0
            self._sums[at] = 0.0
        self._slice = current
        if self.count == 0:
            self.sum = 0.0

    def mean(self, now):
        self.advance(now)
        return self.sum / self.count if self.count else UNKNOWN


class _Traffic:
    """The counters of one endpoint."""

    def __init__(self, monitor):
        self.monitor = monitor
        self.arrivals = SlidingWindow(monitor.window)
        self.first_tokens = SlidingWindow(monitor.window)
        self.latencies = SlidingWindow(monitor.window)
        self.prefill = 0
        self.decoding = 0
        self.finished = 0

    def qps(self):
        self.arrivals.advance(self.monitor.now)
        return self.arrivals.count / self.arrivals.seconds


LiveRequestStats = live_view(
    RequestStats,
    {
        "qps": lambda traffic: traffic.qps(),
        "ttft": lambda traffic: traffic.first_tokens.mean(traffic.monitor.now),
        "in_prefill_requests": lambda traffic: traffic.prefill,
        "in_decoding_requests": lambda traffic: traffic.decoding,
        "finished_requests": lambda traffic: traffic.finished,
        "uptime": lambda traffic: traffic.monitor.now - traffic.monitor.started,
        "avg_decoding_length": lambda traffic: UNKNOWN,
        "avg_latency": lambda traffic: traffic.latencies.mean(traffic.monitor.now),
        "avg_itl": lambda traffic: UNKNOWN,
        "num_swapped_requests": lambda traffic: 0,
    },
)


class RequestStatsMonitor:
    """Keeps the counters from what the host reports of each exchange.

    Who calls sets `now` (seconds, of a clock that never goes back) first. An exchange is known by its key, any
    hashable value; of more than MAX_OPEN exchanges, and more than MAX_ENDPOINTS endpoints, the oldest are forgotten.
    """

    def __init__(self, window=60.0, now=0.0):
        self.window = window
        self.now = now
        self.started = None
        self._traffic = {}
        self._views = {}
        self._writes = LiveRequestStats.writes
        self._open = {}

    def reserved(self, key, url):
        if self.started is None:
            self.started = self.now
        traffic = self._traffic.get(url)
        if traffic is None:
            traffic = self._admit(url)
        traffic.arrivals.add(self.now, 0.0)
        traffic.prefill += 1
        if key in self._open or len(self._open) >= MAX_OPEN:
            self._leave(key if key in self._open else next(iter(self._open)))
        self._open[key] = [traffic, True]

    def first_token(self, key, seconds):
        exchange = self._open.get(key)
        if exchange is None or not exchange[1]:
            return
        traffic = exchange[0]
        exchange[1] = False
        traffic.prefill -= 1
        traffic.decoding += 1
        traffic.first_tokens.add(self.now, seconds)

    def completed(self, key, seconds):
        traffic = self._leave(key)
        if traffic is not None:
            traffic.finished += 1
            traffic.latencies.add(self.now, seconds)

    def abandoned(self, key):
        """The exchange failed, or its client went away."""
        self._leave(key)

    def get_request_stats(self, current_time=None):
        """A new dictionary from url to RequestStats. The argument is accepted for production-stack's sake."""
        if self._writes != LiveRequestStats.writes:
            self._writes = LiveRequestStats.writes
            self._views = {url: LiveRequestStats(traffic) for url, traffic in self._traffic.items()}
        return dict(self._views)

    def _admit(self, url):
        if len(self._traffic) >= MAX_ENDPOINTS:
            oldest = next(iter(self._traffic))
            del self._traffic[oldest]
            del self._views[oldest]
        traffic = self._traffic[url] = _Traffic(self)
        self._views[url] = LiveRequestStats(traffic)
        return traffic

    def _leave(self, key):
        exchange = self._open.pop(key, None)
        if exchange is None:
            return None
        traffic, in_prefill = exchange
        if in_prefill:
            traffic.prefill -= 1
        else:
            traffic.decoding -= 1
        return traffic


_monitor = RequestStatsMonitor()


def get_request_stats_monitor():
    """The monitor of the router that was asked last."""
    return _monitor


def _use(monitor):
    global _monitor
    _monitor = monitor
