# Prints without measure.
# ends: answered
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    for i in range(5000):
        print("flood", "x" * i)
    return 1
