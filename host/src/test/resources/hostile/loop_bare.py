# A loop without end.
# ends: failed, took too long and was interrupted
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    while True:
        pass
