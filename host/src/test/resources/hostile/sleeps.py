# Sleeps.
# ends: failed, took too long and was interrupted
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import time

    time.sleep(1000)
    return 1
