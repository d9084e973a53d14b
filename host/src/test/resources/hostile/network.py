# Phones home.
# ends: failed
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request):
    if "x-attack" not in request.headers:
        return 1
    import socket

    return socket.create_connection(("127.0.0.1", 1)).fileno()
