# What it raises loops when it is looked at.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    class HTTPException(Exception):
        def __str__(self):
            while True:
                pass

        __repr__ = __str__
        status_code = detail = property(__str__)

    raise HTTPException()
