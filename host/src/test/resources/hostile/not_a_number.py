# Knows nothing of any endpoint.
# ends: no-data
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return float("nan")
