# Reads the environment, which is empty.
# ends: answered
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import os

    if os.environ.get("PATH") or os.environ.get("HOME"):
        raise RuntimeError("it is not")
    return 1
