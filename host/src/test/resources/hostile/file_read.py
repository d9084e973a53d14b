# Reads a file of the machine.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return len(open("/etc/passwd").read())
