"""What a Signalbox plugin imports: decorators that declare strategies, log, and a seeded random()."""

__all__ = ["scorer", "filter", "picker", "log", "random"]

_declared = []
_services = None


class Declaration:
    """What one decorator said, and what it stands above: a function or a class."""

    def __init__(self, kind, name, target, members):
        self.kind = kind
        self.name = name
        self.target = target
        for member, value in members.items():
            if value is not None:
                setattr(self, member, value)


def _decorator(kind, name, members):
    def declare(target):
        _declared.append(Declaration(kind, name, target, members))
        return target

    return declare


def scorer(name, prefer=None, needs=None, params=None, band=None, scale=None):
    """Declares a scorer.

    On a function that takes (request, endpoint, params) and returns a number, or, where its name ends with _all or it
    has a parameter called scores, (request, endpoints, scores, params) and fills in scores. On a class with a method
    score or score_all. Trailing parameters may be left out.
    """
    return _decorator("scorer", name, dict(prefer=prefer, band=band, scale=scale, needs=needs, params=params))


def filter(name, needs=None, params=None):
    """Declares a filter: a function that takes (request, endpoint, params) and returns whether the endpoint stays, or a
    class with a method keep."""
    return _decorator("filter", name, dict(needs=needs, params=params))


def picker(name, needs=None, params=None):
    """Declares a picker: a function that takes (request, endpoints, params) and returns the index of one, or -1 to leave
    the choice to the host, or a class with a method pick."""
    return _decorator("picker", name, dict(needs=needs, params=params))


def _text(values):
    return " ".join([value if isinstance(value, str) else str(value) for value in values])


class _Log:
    """Lines in the host's log, under the plugin's name."""

    def debug(self, *values):
        _services.log(0, _text(values))

    def info(self, *values):
        _services.log(1, _text(values))

    def warn(self, *values):
        _services.log(2, _text(values))

    warning = warn

    def error(self, *values):
        _services.log(3, _text(values))


log = _Log()


def random():
    """A number from 0 to below 1, from the host's generator."""
    return _services.random()
