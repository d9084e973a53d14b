"""The request a router is asked about, in Starlette's form."""


class State:
    """Attributes by name; one that was never set is an AttributeError."""


class Application:
    """`request.app`: its state is what the host put there."""

    def __init__(self):
        self.state = State()


class Request:
    """A view of the request Signalbox is routing; everything is read when it is asked for.

    Known: headers, body, and what the front door puts into the pseudo headers `:path` and `:method`. Not known, and
    therefore None or empty rather than made up: the client's address, cookies, and path and method where the front
    door does not tell them. The body was read before, so `await request.body()` never waits.
    """

    def __init__(self, source, app=None):
        self._source = source
        self._headers = None
        self._bytes = None
        self._value = None
        self._state = None
        self.app = app

    client = None

    @property
    def headers(self):
        if self._headers is None:
            from starlette.datastructures import Headers

            self._headers = Headers(self._source.headers)
        return self._headers

    @property
    def method(self):
        return self._source.headers.get(":method")

    @property
    def url(self):
        from starlette.datastructures import URL

        return URL(self._source.headers.get(":path"))

    @property
    def query_params(self):
        from starlette.datastructures import QueryParams

        return QueryParams(self.url.query)

    @property
    def cookies(self):
        return {}

    @property
    def state(self):
        if self._state is None:
            self._state = State()
        return self._state

    @property
    def _body(self):
        if self._bytes is None:
            self._bytes = bytes(self._source.body())
        return self._bytes

    async def body(self):
        return self._body

    @property
    def _json(self):
        if self._value is None:
            from json import loads

            # On GraalPy loads takes many times as long for bytes.
            self._value = loads(self._body.decode("utf-8"))
        return self._value

    async def json(self):
        return self._json

    async def stream(self):
        yield self._body
        yield b""

    async def is_disconnected(self):
        return False
