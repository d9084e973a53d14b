"""The host's side of a Python plugin. Evaluates to an object whose members the host calls.

Reading a host object costs tens of nanoseconds here, so endpoints are plain objects of this language. The host writes
signals into an array of the table and says with flags what is to be copied from it; results it reads in bulk.
"""

import sys
from array import array
from collections.abc import Mapping

sys.path[:0] = ["/signalbox", "/plugin"]

import signalbox

NAN = float("nan")
PLUGIN = "/plugin/"
MAX_LINE = 4000

# Flags of a call: what changed since the last one, see the host's GuestTable.
ALL_SIGNALS, OWN_SIGNALS, ROWS, EVERY_ROW, FLAG_BITS = 1, 2, 4, 8, 4

FUNCTIONS = {
    "score": "score",
    "score_all": "scoreAll",
    "keep": "keep",
    "pick": "pick",
    "on_reserved": "onReserved",
    "on_first_token": "onFirstToken",
    "on_completed": "onCompleted",
    "on_failed": "onFailed",
    "on_cancelled": "onCancelled",
}
OBSERVERS = [name for name in FUNCTIONS if name.startswith("on_")]


class Lines:
    """A standard stream whose lines end in the host's log."""

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def __init__(self, services, level):
        self._services = services
        self._level = level
        self._line = ""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str")
        self._line += text
        if "\n" in text:
            lines, _, self._line = self._line.rpartition("\n")
            self._services.log(self._level, lines)
        self._line = self._line[:MAX_LINE]
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return True


class Endpoint:
    """One endpoint. Every signal is an attribute; nan where it is unknown."""

    def __init__(self, texts):
        self.address = str(texts[0])
        self.model = str(texts[1])
        self.labels = {str(texts[i]): str(texts[i + 1]) for i in range(2, len(texts), 2)}

    def __repr__(self):
        return "<endpoint " + self.address + ">"


class Headers(Mapping):
    """Request headers; names in any case."""

    def __init__(self, view):
        pairs = view.headers()
        self._values = {str(pairs[i]): str(pairs[i + 1]) for i in range(0, len(pairs), 2)}

    def __getitem__(self, name):
        return self._values[name.lower()]

    def __contains__(self, name):
        return isinstance(name, str) and name.lower() in self._values

    def get(self, name, default=None):
        return self._values.get(name.lower(), default)

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        return "<headers " + ", ".join(self._values) + ">"


class Request:
    """The request being routed; what is costly is read when it is asked for."""

    def __init__(self, view):
        self._view = view

    @property
    def model(self):
        return self._view.model()

    @property
    def user(self):
        view = self._view
        return view.user() if view.hasUser() else None

    @property
    def stream(self):
        return self._view.stream()

    @property
    def session_id(self):
        view = self._view
        return view.sessionId() if view.hasSessionId() else None

    @property
    def prompt(self):
        return self._view.prompt()

    @property
    def prompt_tokens(self):
        return self._view.promptTokens()

    @property
    def headers(self):
        headers = self.__dict__.get("_headers")
        if headers is None:
            headers = self._headers = Headers(self._view)
        return headers

    @property
    def exchange(self):
        """The same number at every call about one exchange; two that are open at a time hardly ever share one."""
        return self._view.exchange()

    def body(self):
        return self._view.bodyBytesAsLatin1().encode("latin-1")

    def __repr__(self):
        return "<request>"


class Completion:
    """How an exchange ended that the engine answered."""

    def __init__(self, status, seconds, prompt_tokens, output_tokens):
        self.status = status
        self.seconds = seconds
        self.prompt_tokens = prompt_tokens
        self.output_tokens = output_tokens


class Params:
    """The parameters of one use in a chain, as attributes; also a mapping."""

    def __init__(self, values):
        self.__dict__.update(values)

    def keys(self):
        return self.__dict__.keys()

    def __getitem__(self, name):
        return self.__dict__[name]

    def __contains__(self, name):
        return name in self.__dict__

    def get(self, name, default=None):
        return self.__dict__.get(name, default)


# What a plugin may write in annotations; the typings say more of them.
for shown in (Endpoint, Headers, Request, Completion, Params):
    setattr(signalbox, shown.__name__, shown)
signalbox.Scores = list


def copier(signals, chosen):
    """A function that copies the chosen signals from the table's array to the endpoints of some rows."""
    lines = ["def copy(endpoints, values, rows):", " size = len(endpoints)", " for row in rows:", "  endpoint = endpoints[row]"]
    lines += ["  endpoint.%s = values[%d * size + row]" % (signals[index], index) for index in chosen]
    scope = {}
    exec("\n".join(lines), scope)
    return scope["copy"]


class Table:
    """The endpoints of one model."""

    def __init__(self, guest, texts):
        size = len(texts)
        self.endpoints = tuple([Endpoint(texts[row]) for row in range(size)])
        self.current = self.endpoints
        self.values = array("d", [NAN]) * (size * guest.signal_count)
        self.rows = array("i", [0]) * size
        self.changed = array("i", [0]) * size
        self.scores = array("d", [NAN]) * size
        self.marks = bytearray(size)
        self._copy_all = guest.copy_all
        self._copy_own = guest.copy_own

    def update(self, flags, size):
        if flags & ALL_SIGNALS:
            self._copy_all(self.endpoints, self.values, range(len(self.endpoints)))
        elif flags & OWN_SIGNALS:
            self._copy_own(self.endpoints, self.values, self.changed[: flags >> FLAG_BITS])
        if flags & EVERY_ROW:
            self.current = self.endpoints
        elif flags & ROWS:
            endpoints = self.endpoints
            self.current = tuple([endpoints[row] for row in self.rows[:size]])


class Found:
    """One strategy as the host wants to see it."""

    def __init__(self, entry, functions):
        self.entry = entry
        self.functions = functions


class Functions:
    pass


def code_of(function):
    function = getattr(function, "__func__", function)
    return getattr(function, "__code__", None)


def names_of(function):
    code = code_of(function)
    return () if code is None else code.co_varnames[: code.co_argcount]


def fit(function, count):
    """The function, called with as many of count arguments as it takes."""
    code = code_of(function)
    if code is None or code.co_flags & 0x04:
        return function
    takes = code.co_argcount - (1 if hasattr(function, "__func__") else 0)
    if takes >= count:
        return function
    if takes == 0:
        return lambda *_: function()
    if takes == 1:
        return lambda a, *_: function(a)
    if takes == 2:
        return lambda a, b, *_: function(a, b)
    return lambda a, b, c, *_: function(a, b, c)


def is_number(answer):
    return isinstance(answer, (int, float)) and not isinstance(answer, bool)


class Guest:
    def __init__(self, services):
        self._services = services
        signals = [str(name) for name in services.signals]
        self.signal_count = len(signals)
        self.copy_all = copier(signals, range(len(signals)))
        self.copy_own = copier(signals, [i for i in range(len(signals)) if services.ownSignals[i]])
        self._wrong = None
        sys.stdout = Lines(services, 1)
        sys.stderr = Lines(services, 3)
        signalbox._services = services

    def evaluate(self, text, path, name):
        self._module = type(sys)(name)
        self._module.__file__ = path
        sys.modules[name] = self._module
        exec(compile(text, path, "exec"), self._module.__dict__)

    def declared(self):
        module = self._module
        self._states = [("", module)]
        self._routers = []
        shared = {name: getattr(module, name) for name in OBSERVERS if hasattr(module, name)}
        if not signalbox._declared and "vllm_router" in sys.modules:
            import production_stack_adapter

            self._routers = production_stack_adapter.strategies_of(module)
            return [self._found(router, router, {}) for router in self._routers]
        return [self._declared(declaration, shared) for declaration in signalbox._declared]

    def _declared(self, declaration, shared):
        target = declaration.target
        if isinstance(target, type):
            strategy = target()
            self._states.append((declaration.name, strategy))
            return self._found(declaration, strategy, shared)
        found = self._found(declaration, None, shared)
        if declaration.kind == "scorer":
            batch = getattr(target, "__name__", "").endswith("_all") or "scores" in names_of(target)
            setattr(found.functions, "scoreAll" if batch else "score", target)
        else:
            setattr(found.functions, "keep" if declaration.kind == "filter" else "pick", target)
        return found

    def _found(self, entry, target, shared):
        functions = Functions()
        for name, member in FUNCTIONS.items():
            function = getattr(target, name, None)
            if function is None:
                function = shared.get(name)
            if function is not None:
                setattr(functions, member, function)
        return Found(entry, functions)

    def isAsync(self, function):
        code = code_of(function)
        return code is not None and bool(code.co_flags & 0x80)

    def table(self, texts):
        return Table(self, texts)

    def parameters(self, pairs):
        return Params({str(pairs[i]): pairs[i + 1] for i in range(0, len(pairs), 2)})

    def runner(self, text, form, function, _):
        """One of the runners (see runners.py) around a plugin's function, as code of its own."""
        scope = {"guest": self, "Request": Request, "NAN": NAN, "is_number": is_number}
        exec(compile(text, "runners.py", "exec"), scope)
        return scope[form](fit(function, 4 if form == "scoreAll" else 3))

    def refuse(self, answer):
        self._wrong = answer

    def wrongAnswer(self, is_index):
        """What it was; of a picker's answer also the number, which is an index and tells nothing of the request."""
        answer, self._wrong = self._wrong, None
        if answer is None:
            return "None"
        if is_index and is_number(answer):
            return str(answer)[:20]
        name = type(answer).__name__
        if name == "coroutine":
            answer.close()
            return "a coroutine (the function must not be async)"
        return ("an " if name[0] in "aeiouAEIOU" else "a ") + name

    def observe(self, tell, _):
        tell = fit(tell, 2)
        return lambda view, table, row: tell(Request(view), table.endpoints[row])

    def observeFirstToken(self, tell, _):
        tell = fit(tell, 3)
        return lambda view, table, row, seconds: tell(Request(view), table.endpoints[row], seconds)

    def observeCompleted(self, tell, _):
        tell = fit(tell, 3)

        def run(view, table, row, *completion):
            tell(Request(view), table.endpoints[row], Completion(*completion))

        return run

    def save(self):
        """JSON of what each save_state gave, by strategy and "" for the module; "" where nobody saves anything."""
        states = {}
        for key, owner in self._states:
            save = getattr(owner, "save_state", None)
            state = None if save is None else save()
            if state is not None:
                states[key] = state
        if not states:
            return ""
        import json

        return json.dumps(states)

    def restore(self, text):
        import json

        states = json.loads(text)
        for key, owner in self._states:
            restore = getattr(owner, "restore_state", None)
            if restore is not None and key in states:
                restore(states[key])

    def ready(self, index, params):
        """Before the first question to the strategy of this index: production-stack makes its routers then."""
        if self._routers:
            self._routers[index].ready(params)

    def end(self):
        """The plugin will not be asked again: production-stack closes its routers then."""
        for router in self._routers:
            router.close()

    def failure(self, error):
        """What the host cannot see from outside: [type, file, line, column, status or 0, detail]."""
        file, line, column = "", 0, 0
        if isinstance(error, SyntaxError):
            file, line, column = error.filename or "", error.lineno or 0, error.offset or 0
        trace = error.__traceback__
        while trace is not None and not isinstance(error, SyntaxError):
            name = trace.tb_frame.f_code.co_filename
            if name.startswith(PLUGIN):
                file, line = name, trace.tb_lineno
            trace = trace.tb_next
        status, detail = 0, ""
        if any(base.__name__ == "HTTPException" for base in type(error).__mro__):
            status = error.status_code
            detail = str(error.detail)
        return [type(error).__name__, file, line, column, status, detail]


Guest
