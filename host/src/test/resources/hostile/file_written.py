# Writes a file.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return open("/tmp/hostile.txt", "w").write("x")
