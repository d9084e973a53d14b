# What a script tries in vain, one thing at a time: the header x-attack says which.
# ends: failed
from signalbox import scorer


def throw(error):
    raise error


class HTTPException(Exception):
    """It is looked at closely, since routers raise it, and loops then."""

    def __str__(self):
        while True:
            pass

    __repr__ = __str__
    status_code = detail = property(__str__)


ATTEMPTS = [
    lambda: open("/etc/passwd").read(),  # says: FileNotFoundError
    lambda: open("/tmp/hostile.txt", "w").write("x"),  # says: Permission denied
    lambda: __import__("os").listdir("/etc"),  # says: FileNotFoundError
    lambda: __import__("os").system("true"),  # says: not granted: Process creation is not allowed
    lambda: __import__("subprocess").run(["true"]),  # says: FileNotFoundError
    lambda: __import__("os").fork(),  # says: AttributeError
    lambda: __import__("os").kill(__import__("os").getpid(), 9),  # says: ProcessLookupError
    lambda: __import__("os")._exit(1),  # says: a plugin must not exit
    lambda: __import__("socket").create_connection(("127.0.0.1", 1)),  # says: not granted
    lambda: __import__("threading").Thread(target=print).start(),  # says: not granted
    lambda: __import__("ctypes").CDLL(None),  # says: Error
    lambda: __import__("java").type("java.lang.System"),  # says: Error
    lambda: "a" * 10**11,  # says: OverflowError
    lambda: 10**400,  # says: OverflowError
    lambda: "1",  # says: score must give a number (not-a-number where unknown), not a str
    lambda: throw(SystemExit(1)),  # says: a plugin must not exit
    lambda: throw(BaseException()),  # says: BaseException
    lambda: throw(ExceptionGroup("group", [ValueError(str(i)) for i in range(1000)])),  # says: ExceptionGroup: group
    lambda: throw(HTTPException()),  # says: HTTPException
]


@scorer("hostile", prefer="low")
def score(request):
    attempt = request.headers.get("x-attack")
    return 1 if attempt is None else ATTEMPTS[int(attempt)]()
