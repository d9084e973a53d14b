# Raises a heap of exceptions.
# ends: failed, ExceptionGroup
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    raise ExceptionGroup("group", [ValueError(str(i)) for i in range(1000)])
