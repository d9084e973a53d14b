"""The names of the requests package. A plugin has no network: calling any of them raises ConnectionError."""


class RequestException(IOError):
    """What every error of this package is."""


class ConnectionError(RequestException):
    """The plugin asked for the network."""


class Timeout(RequestException):
    """Never raised here."""


class ReadTimeout(Timeout):
    """Never raised here."""


class ConnectTimeout(ConnectionError, Timeout):
    """Never raised here."""


class HTTPError(RequestException):
    """Never raised here."""


class JSONDecodeError(RequestException, ValueError):
    """Never raised here."""


class exceptions:
    """The module of this name, as far as it is used."""

    RequestException = RequestException
    ConnectionError = ConnectionError
    Timeout = Timeout
    ReadTimeout = ReadTimeout
    ConnectTimeout = ConnectTimeout
    HTTPError = HTTPError
    JSONDecodeError = JSONDecodeError


def request(*_, **__):
    raise ConnectionError("requests: a plugin has no network; what a router may look at is passed to it")


get = post = put = patch = delete = head = options = request


class Session:
    def __init__(self):
        request()


class Response:
    """For annotations; there is never one."""


session = Session
