# Picks an endpoint that there is not.
# ends: failed, pick must give the index of an endpoint, or -1 for no choice, not 2
from signalbox import picker


@picker("hostile")
def pick(request, endpoints):
    return len(endpoints) if "x-attack" in request.headers else 0
