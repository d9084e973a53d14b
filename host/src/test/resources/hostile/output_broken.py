# Takes away what it prints to.
# ends: answered
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import sys

    sys.stdout = sys.stderr = None
    print("nowhere")
    return 1
