# Sleeps whenever it is not looping.
# ends: late, took too long and was interrupted
import time

from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    while True:
        time.sleep(0.001)
