"""The part of FastAPI that routers touch; each name is imported when it is asked for."""

_HOMES = {
    "HTTPException": "starlette.exceptions",
    "Request": "starlette.requests",
    "Response": "starlette.responses",
}


def __getattr__(name):
    if name == "status":
        import starlette.status as value
    elif name in _HOMES:
        value = getattr(__import__(_HOMES[name], fromlist=[name]), name)
    else:
        raise AttributeError(f"module 'fastapi' has no attribute '{name}'; there are {', '.join(_HOMES)} and status")
    globals()[name] = value
    return value
