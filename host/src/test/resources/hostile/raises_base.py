# Raises what nobody catches.
# ends: failed, BaseException
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    raise BaseException()
