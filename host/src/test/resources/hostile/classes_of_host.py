# Wants a class of the host.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return __import__("java").type("java.lang.System").nanoTime()
