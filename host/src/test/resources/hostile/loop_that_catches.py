# Catches what stops it, and goes on.
# ends: late, took too long and was interrupted
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
        finally:
            continue
