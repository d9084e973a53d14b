# One list larger than lists can be.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return len([0] * (2**31))
