"""What the host passes to a strategy, for tests."""

import json
import random
import types

import signalbox

NAN = float("nan")


class Services:
    """The host's side of signalbox: lines are printed."""

    random = staticmethod(random.Random(1).random)

    def log(self, level, text):
        print(text)


signalbox._services = Services()


class Endpoint:
    def __init__(self, number, in_flight=0, running=NAN, waiting=NAN, kv_cache_usage=NAN, **labels):
        self.address = f"10.0.0.{number}:8000"
        self.model = "llama"
        self.labels = labels
        self.in_flight = in_flight
        self.running = running
        self.waiting = waiting
        self.kv_cache_usage = kv_cache_usage
        self.cpu_cache_usage = NAN


class Headers(dict):
    """Lower-case names, found in any case."""

    def get(self, name, default=None):
        return super().get(name.lower(), default)


class Request:
    def __init__(self, body=None, **headers):
        self.model = "llama"
        self.user = None
        self.stream = False
        self.session_id = None
        self.headers = Headers({name.replace("_", "-"): value for name, value in headers.items()})
        self.exchange = id(self)
        self._text = json.dumps({"model": "llama"} if body is None else body)

    def body(self):
        return self._text.encode()


class Completion:
    status = 200
    prompt_tokens = NAN
    output_tokens = NAN

    def __init__(self, seconds):
        self.seconds = seconds


def limit(test, module, **values):
    """Sets the limits of a module, for one test."""
    for name, value in values.items():
        test.addCleanup(setattr, module, name, getattr(module, name))
        setattr(module, name, value)


def fleet(count):
    return [Endpoint(number) for number in range(1, count + 1)]


def url(number):
    return f"http://10.0.0.{number}:8000"


def module_of(text, name="plugin"):
    """A module as the host makes it of a plugin's text."""
    module = types.ModuleType(name)
    exec(compile(text, name + ".py", "exec"), module.__dict__)
    return module


ROUTER = """
from vllm_router.routers.routing_logic import *
from vllm_router.routers.routing_logic import RoutingInterface
"""


def strategy_of(text):
    """The one strategy of a plugin's text, which need not import RoutingInterface."""
    from production_stack_adapter import strategies_of

    (strategy,) = strategies_of(module_of(ROUTER + text))
    return strategy


def router(body, arguments="endpoints, engine_stats, request_stats, request", prefix="def"):
    """The text of a router whose route_request has this body."""
    indented = "\n".join("        " + line for line in body.splitlines())
    return f"class MyRouter(RoutingInterface):\n    {prefix} route_request(self, {arguments}):\n{indented}\n"
