"""Headers, query and address of a request, read-only.

The two mappings have the methods of collections.abc.Mapping without being one: importing it costs half of what all
modules of vllm_router together cost.
"""


class Headers:
    """Header names are lower case and found in any case. A repeated header is one value, joined by a comma.

    Headers that carry credentials are not shown to plugins.
    """

    def __init__(self, headers=None):
        self._source = {} if headers is None else headers

    def get(self, key, default=None):
        value = self._source.get(key.lower())
        return default if value is None else value

    def __getitem__(self, key):
        value = self._source.get(key.lower())
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key):
        return isinstance(key, str) and self._source.get(key.lower()) is not None

    def __iter__(self):
        return iter(self.keys())

    def __eq__(self, other):
        return isinstance(other, Headers) and self.items() == other.items()

    __hash__ = None

    def __len__(self):
        return len(self.items())

    def keys(self):
        return [name for name, _ in self.items()]

    def values(self):
        return [value for _, value in self.items()]

    def items(self):
        return [(name.lower(), value) for name, value in self._source.items() if not name.startswith(":")]

    def getlist(self, key):
        value = self.get(key)
        return [] if value is None else [value]

    @property
    def raw(self):
        return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in self.items()]

    def __repr__(self):
        return f"Headers({dict(self.items())!r})"


class QueryParams(dict):
    """The query of the request's path, of a repeated name the last value; empty where the path is not known."""

    def __init__(self, query=""):
        self._pairs = _parsed(query)
        super().__init__(self._pairs)

    def getlist(self, key):
        return [value for name, value in self._pairs if name == key]

    def multi_items(self):
        return list(self._pairs)


def _parsed(query):
    if not query:
        return []
    from urllib.parse import parse_qsl

    return parse_qsl(query, keep_blank_values=True)


class URL:
    """`path` is None where the front door does not tell it."""

    def __init__(self, target=None):
        path, _, query = (target or "").partition("?")
        self.path = path or None
        self.query = query

    def __str__(self):
        return (self.path or "") + ("?" + self.query if self.query else "")

    def __eq__(self, other):
        return str(self) == str(other)

    __hash__ = None
