"""Singletons as production-stack has them: one instance per class, made by the first call.

What a later call passes to the constructor is ignored. A reloaded plugin runs in a fresh context, so its classes start
without instances.
"""

from abc import ABCMeta


class SingletonMeta(type):
    """`Class(_create=False)` gives the instance there is, or None."""

    _instances = {}

    def __call__(cls, *args, _create=True, **kwargs):
        if cls not in cls._instances:
            if not _create:
                return None
            cls._instances[cls] = super().__call__(*args, **kwargs)
        return cls._instances[cls]


class SingletonABCMeta(ABCMeta):
    """The same for abstract classes, where the argument is called `create`."""

    _instances = {}

    def __call__(cls, *args, **kwargs):
        if cls not in cls._instances:
            if kwargs.get("create") is False:
                return None
            cls._instances[cls] = super().__call__(*args, **kwargs)
        return cls._instances[cls]
