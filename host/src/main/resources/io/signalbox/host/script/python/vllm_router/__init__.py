"""What a router written for vLLM's production-stack imports, served by Signalbox.

The names and their meaning are production-stack's; the data behind them is Signalbox's own. See
docs/production-stack.md for what is filled from where. Nothing here does I/O or starts a thread, and nothing imports
a large part of the standard library before a router asks for it: on GraalPy dataclasses, typing or logging cost
half a second each.
"""
