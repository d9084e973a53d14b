"""A logger with the methods of the standard library's, without importing it: that costs a third of a second.

Lines go to the plugin's log in Signalbox.
"""

from signalbox import log

DEBUG, INFO, WARNING, ERROR, CRITICAL = 10, 20, 30, 40, 50
_LEVELS = {"debug": DEBUG, "info": INFO, "warning": WARNING, "error": ERROR, "critical": CRITICAL}


class Logger:
    """Levels are the standard library's numbers; what is below the logger's own level is not written."""

    def __init__(self, name, level=INFO):
        self.name = name
        self.level = level
        self.handlers = []
        self.propagate = False

    def debug(self, message, *args, **options):
        self.log(DEBUG, message, *args, **options)

    def info(self, message, *args, **options):
        self.log(INFO, message, *args, **options)

    def warning(self, message, *args, **options):
        self.log(WARNING, message, *args, **options)

    warn = warning

    def error(self, message, *args, **options):
        self.log(ERROR, message, *args, **options)

    def critical(self, message, *args, **options):
        self.log(CRITICAL, message, *args, **options)

    fatal = critical

    def exception(self, message, *args, **options):
        options.setdefault("exc_info", True)
        self.log(ERROR, message, *args, **options)

    def log(self, level, message, *args, exc_info=None, **_):
        """The other options of the standard library (extra, stack_info, stacklevel) are accepted and not used."""
        if level < self.level:
            return
        text = _formatted(str(message), args)
        if exc_info:
            text += _cause(exc_info)
        self._write(level, text)

    def isEnabledFor(self, level):
        return level >= self.level

    def getEffectiveLevel(self):
        return self.level

    def setLevel(self, level):
        self.level = _level(level)

    def getChild(self, suffix):
        return Logger(f"{self.name}.{suffix}", self.level)

    def addHandler(self, handler):
        """Where lines go is the host's business."""

    removeHandler = addHandler
    addFilter = addHandler

    def _write(self, level, text):
        if level < INFO:
            log.debug(text)
        elif level < WARNING:
            log.info(text)
        elif level < ERROR:
            log.warn(text)
        else:
            log.error(text)


def _formatted(message, args):
    if not args:
        return message
    try:
        return message % (args[0] if len(args) == 1 and isinstance(args[0], dict) and args[0] else args)
    except (TypeError, ValueError, KeyError) as mismatch:
        return f"{message} (arguments do not fit: {mismatch})"


def _cause(exc_info):
    if isinstance(exc_info, BaseException):
        error = exc_info
    elif isinstance(exc_info, tuple):
        error = exc_info[1]
    else:
        import sys

        error = sys.exc_info()[1]
    return "" if error is None else f": {type(error).__name__}: {error}"


def _level(level):
    if isinstance(level, int):
        return level
    known = _LEVELS.get(str(level).lower())
    if known is None:
        raise ValueError(f"unknown log level '{level}': {', '.join(_LEVELS)}")
    return known


def init_logger(name, log_level="info", *_, **__):
    return Logger(name, _level(log_level))
