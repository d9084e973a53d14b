"""Records: classes that look like dataclasses to everyone who asks, made without importing dataclasses.

Record      named fields with defaults; equality, repr, and the protocol of dataclasses (fields, asdict, replace).
live_view   a subclass of a record whose fields are read from a source at the moment they are looked at.
"""

REQUIRED = object()


class _Dataclass:
    """The class attributes by which the dataclasses module knows its own; made when first looked at."""

    def __init__(self, attribute):
        self._attribute = attribute

    def __get__(self, instance, owner):
        from dataclasses import field, make_dataclass

        columns = [
            (name, kind) if default is REQUIRED else (name, kind, field(default=default))
            for name, kind, default in owner.FIELDS
        ]
        return getattr(make_dataclass(owner.__name__, columns), self._attribute)


class Record:
    """A mutable value whose fields are the annotations of its class, with their defaults, as in a dataclass.

    FIELDS has them as (name, type, default or REQUIRED), in the order of the constructor.
    """

    FIELDS = ()
    __hash__ = None
    __dataclass_fields__ = _Dataclass("__dataclass_fields__")
    __dataclass_params__ = _Dataclass("__dataclass_params__")

    def __init_subclass__(cls):
        own = vars(cls)
        kinds = own.get("__annotations__", {})
        cls.FIELDS += tuple([(name, kind, own.get(name, REQUIRED)) for name, kind in kinds.items()])

    def __init__(self, *values, **named):
        fields = self.FIELDS
        if len(values) > len(fields):
            raise TypeError(f"{type(self).__name__} has {len(fields)} fields, {len(values)} values were given")
        for position, (name, _, default) in enumerate(fields):
            if position < len(values):
                value = values[position]
                if name in named:
                    raise TypeError(f"{type(self).__name__}: field '{name}' was given twice")
            else:
                value = named.pop(name, default)
                if value is REQUIRED:
                    raise TypeError(f"{type(self).__name__}: field '{name}' is missing")
            setattr(self, name, value)
        unknown = [name for name in named if all(name != field[0] for field in fields)]
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field '{unknown[0]}'")

    def _values(self):
        return {name: getattr(self, name) for name, _, _ in self.FIELDS}

    def __eq__(self, other):
        if self is other:
            return True
        if not isinstance(other, Record) or self._record() is not other._record():
            return NotImplemented
        return self._values() == other._values()

    def __repr__(self):
        fields = ", ".join(f"{name}={value!r}" for name, value in self._values().items())
        return f"{self._record().__name__}({fields})"

    @classmethod
    def _record(cls):
        return cls


def live_view(record, readers):
    """A subclass of record over a source: readers maps each field to a function of the source.

    Assigning a field turns that one object into a plain record with the values of this moment. The class counts that
    in `writes`, so that who hands the views out knows when to make new ones.
    """

    def __init__(self, source):
        self._source = source

    def values(self):
        source = self._source
        return {name: read(source) for name, read in readers.items()}

    view = type(
        "Live" + record.__name__,
        (record,),
        {
            "__init__": __init__,
            "__dict__": property(values),
            "__reduce__": lambda self: (record, tuple(values(self).values())),
            "_values": values,
            "_record": classmethod(lambda cls: record),
            "writes": 0,
        },
    )

    def field(name, read):
        def get(self):
            return read(self._source)

        def assign(self, value):
            now = values(self)
            view.writes += 1
            del self._source
            self.__class__ = record
            for known, held in now.items():
                setattr(self, known, held)
            setattr(self, name, value)

        return property(get, assign)

    for name, _, _ in record.FIELDS:
        setattr(view, name, field(name, readers[name]))
    return view
