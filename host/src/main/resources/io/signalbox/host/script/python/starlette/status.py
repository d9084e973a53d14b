"""Status codes by name: HTTP_503_SERVICE_UNAVAILABLE is 503. The number in the name is the value."""


def __getattr__(name):
    if name.startswith("HTTP_") and name[5:8].isdigit():
        return int(name[5:8])
    raise AttributeError(f"module 'starlette.status' has no attribute '{name}'")
