# Starts a process, as one should.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import subprocess

    return subprocess.run(["true"]).returncode
