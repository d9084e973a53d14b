# Gives a number without measure.
# ends: failed, OverflowError
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return 10**400
