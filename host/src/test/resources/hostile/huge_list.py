# One list larger than any heap of a test.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return len([0] * (2**31 - 10))
