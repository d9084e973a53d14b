# Starts a thread.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import threading

    threading.Thread(target=print).start()
    return 1
