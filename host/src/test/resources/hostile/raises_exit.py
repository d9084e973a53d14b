# Wants to leave.
# ends: failed, a plugin must not exit
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    raise SystemExit(1)
