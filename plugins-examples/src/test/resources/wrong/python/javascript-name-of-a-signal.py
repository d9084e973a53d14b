from signalbox import Endpoint, Request, filter


# wrong: camel case is JavaScript's
@filter("f", needs=["kvCacheUsage"])
def keep(request: Request, endpoint: Endpoint) -> bool:
    return endpoint.kv_cache_usage < 0.9
