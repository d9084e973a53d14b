# Walks through all classes there are, reads an environment that is empty, and takes away what it prints to.
# ends: answered
import os
import sys

from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    for kind in ().__class__.__mro__[-1].__subclasses__():
        if "Popen" in kind.__name__:
            kind(["true"])
    if os.environ.get("PATH") or os.environ.get("HOME"):
        raise RuntimeError("it is not empty")
    sys.stdout = sys.stderr = None
    print("nowhere")
    return 1
