# Gives a text.
# ends: failed, score must give a number (not-a-number where unknown), not a str
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return "1"
