# One operation that nothing can interrupt.
# ends: late
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    return sum(range(10**10, 10**10 + 5 * 10**7))
