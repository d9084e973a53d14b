"""What a router class is as a strategy: its name, how it is called, and the parameters its constructor makes."""

from vllm_router.routers.routing_logic import RoutingInterface, SessionRouter, constructor_arguments

MAX_NAME = 64
OPTIONS = {"zero_fill": "false", "compat_log": "false"}
HOST_PARAMETERS = ("band", "scale", "strict", "optional", "deadline")


def strategy_name(class_name):
    """LeastConnectionsRouter -> least-connections-router, KVAwareRouter -> kv-aware-router."""
    words = []
    for at, letter in enumerate(class_name):
        if letter == "_":
            words.append("-")
            continue
        starts = letter.isupper() and at > 0
        after_small = starts and not class_name[at - 1].isupper()
        before_small = starts and class_name[at + 1 : at + 2].islower()
        if (after_small or before_small) and words[-1:] != ["-"]:
            words.append("-")
        words.append(letter.lower())
    return "".join(words).strip("-")


def checked_name(class_name):
    name = strategy_name(class_name)
    if len(name) > MAX_NAME or not name.isascii():
        raise TypeError(f"{class_name}: a router's name has at most {MAX_NAME} letters of a-z, 0-9 and -")
    return name


def takes_body(router_class):
    """Whether route_request is given the body as its fifth argument."""
    function = router_class.route_request
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    static = isinstance(vars(router_class).get("route_request"), staticmethod)
    most = code.co_argcount - (0 if static else 1)
    least = most - len(function.__defaults__ or ())
    any_number = bool(code.co_flags & 0x04)
    if least > 5 or (most < 4 and not any_number):
        raise TypeError(
            f"{router_class.__name__}.route_request takes endpoints, engine_stats, request_stats and request,"
            " and request_json if it wants the body"
        )
    return most >= 5 or any_number


def wants_session_alone(router_class):
    """Whether nobody but production-stack's own code touches the body, which reads one member where a header fails."""
    return (
        router_class.route_request is SessionRouter.route_request
        and router_class.extract_session_id is RoutingInterface.extract_session_id
    )


def declared_parameters(router_class):
    """The parameters a user may set: the two options, and the constructor's arguments; None and no default are ""."""
    declared = dict(OPTIONS)
    for name, default in constructor_arguments(router_class)[0].items():
        if name in HOST_PARAMETERS or name in OPTIONS:
            continue
        if default is None or default is ...:
            declared[name] = ""
        elif isinstance(default, bool):
            declared[name] = str(default).lower()
        elif isinstance(default, (str, int, float)):
            declared[name] = default
    return declared


def constructor_values(router_class, params):
    known, any_name = constructor_arguments(router_class)
    arguments = {}
    for name, value in params.items():
        if name in OPTIONS or not (name in known or any_name):
            continue
        default = known.get(name)
        if value == "" and not isinstance(default, str):
            continue
        if isinstance(default, bool):
            value = flag(name, value)
        elif isinstance(default, int) and isinstance(value, float) and value.is_integer():
            value = int(value)
        arguments[name] = value
    missing = [name for name, default in known.items() if default is ... and name not in arguments]
    if missing:
        raise TypeError(f"{router_class.__name__} needs the parameter {missing[0].replace('_', '-')}")
    return arguments


def flag(name, value):
    if value in (True, "true", "on", "yes"):
        return True
    if value in (False, "false", "off", "no", ""):
        return False
    raise ValueError(f"parameter {name.replace('_', '-')}: true or false is allowed")


def as_dict(params):
    if params is None:
        return {}
    if isinstance(params, dict):
        return params
    return dict(params.items()) if hasattr(params, "items") else vars(params)
