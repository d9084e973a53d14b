# Behaves in its rehearsal and for a while.
# ends: late, took too long and was interrupted
from signalbox import scorer

calls = 0


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    global calls
    calls += 1
    while calls > 20:
        pass
    return 1
