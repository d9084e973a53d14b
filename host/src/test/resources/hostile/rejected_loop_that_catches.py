# Does not come back from its first call, whatever stops it.
# ends: rejected, took too long and was interrupted
from signalbox import scorer


@scorer("hostile", prefer="low")
def score():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
