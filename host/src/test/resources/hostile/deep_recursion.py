# Calls itself until the stack is full, wherever that is.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import sys

    sys.setrecursionlimit(10**9)

    def deep(n):
        return deep(n + 1) + 1

    return deep(0)
