# Kills the process it runs in.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import os

    os.kill(os.getpid(), 9)
