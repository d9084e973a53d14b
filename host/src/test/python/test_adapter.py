"""What the host and a router see of each other."""

import contextlib
import io
import unittest

import least_connections_router
from fastapi import HTTPException
from fleet import NAN, ROUTER, Completion, Endpoint, Request, fleet, limit, module_of, router, strategy_of, url
from production_stack_adapter import strategies_of
from production_stack_shape import strategy_name

FIRST = "return endpoints[0].url"
ASYNC = "async def"
FIVE = "endpoints, engine_stats, request_stats, request, request_json"


def said(action):
    """What a call prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        action()
    return output.getvalue()


class LoadingTest(unittest.TestCase):
    def test_the_routers_a_file_defines_are_its_strategies(self):
        text = ROUTER + "".join(
            router(FIRST).replace("MyRouter", name) for name in ("MyRouter", "OtherRouter", "_Shared")
        )
        self.assertEqual(["my-router", "other-router"], [s.name for s in strategies_of(module_of(text))])
        self.assertEqual([], strategies_of(module_of(ROUTER)))

    def test_a_strategy_is_named_after_its_class(self):
        for class_name, name in (
            ("LeastConnectionsRouter", "least-connections-router"),
            ("KVAwareRouter", "kv-aware-router"),
            ("RouterV2", "router-v2"),
            ("my_router", "my-router"),
            ("ABTest", "ab-test"),
            ("QPS", "qps"),
        ):
            with self.subTest(class_name):
                self.assertEqual(name, strategy_name(class_name))

    def test_what_cannot_be_a_strategy_is_refused_with_the_reason(self):
        for name, text, reason in (
            ("no route_request", "class MyRouter(RoutingInterface):\n    pass\n", "MyRouter: route_request is missing"),
            (
                "too few arguments",
                router(FIRST, "endpoints"),
                "takes endpoints, engine_stats, request_stats and request",
            ),
            ("too many", router(FIRST, FIVE + ", more"), "takes endpoints, engine_stats"),
            ("a name too long", router(FIRST).replace("MyRouter", "R" + "a" * 64), "at most 64 letters"),
            (
                "one name twice",
                router(FIRST) + router(FIRST).replace("MyRouter", "My_Router"),
                "is called 'my-router' too",
            ),
        ):
            with self.subTest(name), self.assertRaisesRegex(TypeError, reason):
                strategies_of(module_of(ROUTER + text))

    def test_a_new_version_starts_afresh(self):
        text = ROUTER + "class MyRouter(RoundRobinRouter):\n    pass\n"
        for _ in range(2):
            (strategy,) = strategies_of(module_of(text))
            self.assertEqual(0, strategy.pick(Request(), fleet(3)))


class CallTest(unittest.TestCase):
    def test_the_router_of_the_documentation_takes_the_fewest_connections(self):
        strategy = strategies_of(least_connections_router)[0]
        endpoints = fleet(3)
        for in_flight, expected in (((0, 0, 0), 0), ((2, 1, 1), 1), ((5, 4, 0), 2)):
            for endpoint, count in zip(endpoints, in_flight):
                endpoint.in_flight = count
            self.assertEqual(expected, strategy.pick(Request(), endpoints))

    def test_every_form_of_route_request_is_called_as_it_wants(self):
        body = "return endpoints[request_json['n']].url"
        rest = "return endpoints[rest[4]['n']].url"
        wrapped = (
            "import functools\n"
            "def same(f):\n"
            "    @functools.wraps(f)\n    def call(*a, **k):\n        return f(*a, **k)\n    return call\n"
        )
        for name, text in (
            ("four arguments", router("return endpoints[1].url")),
            ("five", router(body, FIVE)),
            ("the fifth by default", router(body, FIVE + "=None")),
            ("any number", router(rest.replace("endpoints", "rest[0]"), "*rest")),
            ("four, async", router("return endpoints[1].url", prefix=ASYNC)),
            ("five, async", router(body, FIVE, ASYNC)),
            ("decorated", wrapped + router("return endpoints[1].url", prefix="@same\n    def")),
            (
                "static",
                router("return endpoints[1].url").replace("self, ", "").replace("def", "@staticmethod\n    def"),
            ),
            (
                "an awaitable from a plain one",
                router("return self.later(endpoints)") + "    async def later(self, e):\n        return e[1].url\n",
            ),
        ):
            with self.subTest(name):
                self.assertEqual(1, strategy_of(text).pick(Request({"n": 1}), fleet(3)))

    def test_a_wrong_answer_is_an_error_that_says_what_came(self):
        for name, body, text in (
            ("nothing", "pass", "MyRouter.route_request returned None instead of the url of one of the 2"),
            ("an endpoint", "return endpoints[0]", "MyRouter.route_request returned EndpointInfo instead"),
            ("another url", "return endpoints[0].url + '/'", "not the url of one of the 2 endpoints"),
        ):
            with self.subTest(name), self.assertRaisesRegex(ValueError, text):
                strategy_of(router(body)).pick(Request(), fleet(2))

    def test_what_a_router_raises_passes_through(self):
        refusing = router("raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE)")
        strategy = strategy_of("from fastapi import HTTPException, status\n" + refusing)
        with self.assertRaises(HTTPException) as refused:
            strategy.pick(Request(), fleet(1))
        self.assertEqual((503, "Service Unavailable"), (refused.exception.status_code, refused.exception.detail))
        with self.assertRaises(ZeroDivisionError):
            strategy_of(router("return 1 / 0")).pick(Request(), fleet(1))

    def test_a_coroutine_may_await_what_is_there_and_nothing_else(self):
        here = "import asyncio\nawait asyncio.sleep(0)\nreturn endpoints[(await request.json())['n']].url"
        self.assertEqual(1, strategy_of(router(here, prefix=ASYNC)).pick(Request({"n": 1}), fleet(2)))
        for name, body in (
            ("sleeping", "import asyncio\nawait asyncio.sleep(1)"),
            ("for ever", "import asyncio\nwhile True:\n    await asyncio.sleep(0)"),
            ("something of its own", "class Waits:\n    def __await__(self):\n        yield 1\nawait Waits()"),
        ):
            with self.subTest(name), self.assertRaisesRegex(RuntimeError, "waits for something outside"):
                strategy_of(router(body, prefix=ASYNC)).pick(Request(), fleet(2))


class ParameterTest(unittest.TestCase):
    TEXT = (
        "class MyRouter(RoutingInterface):\n"
        "    def __init__(self, first, weight=2, eager=False, label=None):\n"
        "        self.chosen = first, weight, eager, label\n"
        "    def route_request(self, endpoints, *rest):\n"
        "        print(self.chosen)\n"
        "        return endpoints[0].url\n"
    )

    def test_constructor_arguments_are_parameters(self):
        strategy = strategy_of(self.TEXT)
        options = {"zero_fill": "false", "compat_log": "false"}
        self.assertEqual({**options, "first": "", "weight": 2, "eager": "false", "label": ""}, strategy.params)
        given = {**strategy.params, "first": "a", "weight": 3.0, "eager": "true"}
        self.assertEqual("('a', 3, True, None)\n", said(lambda: strategy.pick(Request(), fleet(1), given)))
        with self.assertRaisesRegex(TypeError, "MyRouter needs the parameter first"):
            strategy.pick(Request(), fleet(1), strategy.params)

    def test_each_set_of_parameters_has_a_router_of_its_own(self):
        strategy = strategy_of(self.TEXT)
        lines = said(lambda: [strategy.pick(Request(), fleet(1), {"first": f}) for f in ("a", "b", "a")])
        self.assertEqual(["('a'", "('b'", "('a'"], [line.split(",")[0] for line in lines.splitlines()])
        with self.assertRaisesRegex(ValueError, "more than 64 different sets"):
            for number in range(65):
                said(lambda: strategy.pick(Request(), fleet(1), {"first": str(number)}))

    def test_an_option_that_is_no_truth_value_is_refused(self):
        with self.assertRaisesRegex(ValueError, "zero-fill: true or false"):
            strategy_of(router(FIRST)).pick(Request(), fleet(1), {"zero_fill": "maybe"})

    def test_closing_closes_the_routers(self):
        strategy = strategy_of(router(FIRST) + "    def close(self):\n        print('closed')\n")
        strategy.pick(Request(), fleet(1))
        self.assertEqual("closed\n", said(lambda: (strategy.close(), strategy.close())))


class StatisticsTest(unittest.TestCase):
    def seen(self, expression, endpoints, strategy=None, params=None):
        """What a router sees, as text."""
        strategy = strategy or strategy_of(router(f"print({expression})\n{FIRST}"))
        return said(lambda: strategy.pick(Request(), endpoints, params)).strip()

    def test_engine_stats_name_what_the_host_knows_and_say_0_for_what_it_does_not(self):
        endpoint = Endpoint(1, in_flight=3.0, running=2.0, waiting=NAN, kv_cache_usage=0.25)
        for field, expected in (
            ("num_running_requests", "2.0"),
            ("num_requests_running", "2.0"),
            ("num_queuing_requests", "0"),
            ("num_requests_waiting", "0"),
            ("gpu_cache_usage_perc", "0.25"),
            ("kv_cache_usage_perc", "0.25"),
            ("gpu_prefix_cache_hit_rate", "0"),
            ("prefix_cache_hit_rate", "0"),
            ("active_connections", "3"),
        ):
            with self.subTest(field):
                self.assertEqual(expected, self.seen(f"engine_stats['{url(1)}'].{field}", [endpoint]))

    def test_an_assignment_lasts_until_the_next_call(self):
        body = f"s = engine_stats['{url(1)}']\ns.num_running_requests += 1\nprint(s.num_running_requests)\n{FIRST}"
        strategy = strategy_of(router(body))
        endpoints = fleet(2)
        self.assertEqual(["1", "1"], [self.seen("", endpoints, strategy) for _ in range(2)])

    def test_what_a_router_does_to_its_collections_is_gone_at_the_next_call(self):
        body = (
            "print(len(endpoints), len(engine_stats))\nurl = endpoints.pop().url\n"
            "engine_stats.clear()\nrequest_stats.clear()\nreturn url"
        )
        strategy = strategy_of(router(body))
        endpoints = fleet(3)
        self.assertEqual(["3 3", "3 3"], [self.seen("", endpoints, strategy) for _ in range(2)])

    def test_an_endpoint_is_told_as_far_as_it_is_known(self):
        endpoint = Endpoint(1, model="big", zone="a")
        for expression, expected in (
            ("endpoints[0].url", url(1)),
            ("endpoints[0].Id", "10.0.0.1:8000"),
            ("endpoints[0].model_names", "['llama']"),
            ("endpoints[0].model_label", "big"),
            ("endpoints[0].labels['zone']", "a"),
            ("endpoints[0].pod_name, endpoints[0].sleep, endpoints[0].healthy", "None False True"),
            ("endpoints[0].has_model('llama')", "True"),
        ):
            with self.subTest(expression):
                self.assertEqual(expected, self.seen(expression, [endpoint]))

    def test_a_changed_fleet_is_seen(self):
        listed = "[(e.url[-6], engine_stats[e.url].active_connections) for e in endpoints]"
        strategy = strategy_of(router(f"print({listed})\n{FIRST}"))
        for endpoints, expected in (
            (fleet(2), "[('1', 0), ('2', 0)]"),
            ([Endpoint(2, in_flight=4)], "[('2', 4)]"),
            ([Endpoint(3), Endpoint(2, in_flight=5)], "[('3', 0), ('2', 5)]"),
        ):
            self.assertEqual(expected, self.seen("", endpoints, strategy))

    def test_request_stats_have_who_ever_got_a_request_unless_filled(self):
        listed = "sorted((u[-6], s.in_prefill_requests) for u, s in request_stats.items())"
        strategy = strategy_of(router(f"print({listed})\n{FIRST}"))
        endpoints = fleet(2)
        self.assertEqual("[]", self.seen("", endpoints, strategy))
        strategy.on_reserved(Request(), endpoints[1])
        self.assertEqual("[('2', 1)]", self.seen("", endpoints, strategy))
        self.assertEqual("[('1', 0), ('2', 1)]", self.seen("", endpoints, strategy, {"zero_fill": "true"}))

    def test_the_accessors_know_what_the_call_is_about(self):
        text = (
            "from vllm_router.service_discovery import get_service_discovery\n"
            "from vllm_router.stats.engine_stats import get_engine_stats_scraper\n"
            "from vllm_router.stats.request_stats import get_request_stats_monitor\n"
        )
        body = (
            "print(len(get_service_discovery().get_endpoint_info()),"
            " len(get_engine_stats_scraper().get_engine_stats()),"
            " len(get_request_stats_monitor().get_request_stats(0)), request.app.state.router is self)\n" + FIRST
        )
        strategy = strategy_of(text + router(body))
        endpoints = fleet(2)
        strategy.on_reserved(Request(), endpoints[0])
        self.assertEqual("2 2 1 True", self.seen("", endpoints, strategy))


class ExchangeTest(unittest.TestCase):
    def setUp(self):
        self.strategy = strategy_of(router(FIRST))
        self.endpoint = Endpoint(1)

    def stats(self):
        return self.strategy.monitor.get_request_stats()[url(1)]

    def counts(self):
        stats = self.stats()
        return stats.in_prefill_requests, stats.in_decoding_requests, stats.finished_requests

    def test_a_request_counts_from_its_reservation_to_whatever_end(self):
        for name, first, end, finished in (
            ("completed", True, "completed", 1),
            ("completed without a first token", False, "completed", 1),
            ("failed", False, "failed", 0),
            ("failed in the middle", True, "failed", 0),
            ("cancelled", False, "cancelled", 0),
            ("cancelled in the middle", True, "cancelled", 0),
        ):
            with self.subTest(name):
                self.setUp()
                request = Request()
                self.strategy.on_reserved(request, self.endpoint)
                self.assertEqual((1, 0, 0), self.counts())
                if first:
                    self.strategy.on_first_token(request, self.endpoint, 0.2)
                    self.assertEqual((0, 1, 0), self.counts())
                if end == "completed":
                    self.strategy.on_completed(request, self.endpoint, Completion(1.5))
                else:
                    getattr(self.strategy, "on_" + end)(request, self.endpoint)
                self.assertEqual((0, 0, finished), self.counts())

    def test_times_are_means_and_unknown_is_minus_1(self):
        self.strategy.on_reserved(Request(), self.endpoint)
        stats = self.stats()
        self.assertEqual((-1, -1, -1, -1), (stats.ttft, stats.avg_latency, stats.avg_itl, stats.avg_decoding_length))
        for ttft, seconds in ((0.2, 1.0), (0.4, 3.0)):
            request = Request()
            self.strategy.on_reserved(request, self.endpoint)
            self.strategy.on_first_token(request, self.endpoint, ttft)
            self.strategy.on_completed(request, self.endpoint, Completion(seconds))
        self.assertAlmostEqual(0.3, self.stats().ttft)
        self.assertAlmostEqual(2.0, self.stats().avg_latency)

    def test_rates_are_over_a_sliding_minute(self):
        from vllm_router.stats.request_stats import RequestStatsMonitor

        monitor = RequestStatsMonitor()
        for at, arrivals, expected in (
            (1000.0, 30, 0.5),
            (1030.0, 30, 1.0),
            (1061.0, 0, 0.5),
            (1089.0, 0, 0.5),
            (1091.0, 0, 0),
            (9e9, 6, 0.1),
        ):
            with self.subTest(at):
                monitor.now = at
                for number in range(arrivals):
                    monitor.reserved((at, number), "u")
                self.assertAlmostEqual(expected, monitor.get_request_stats()["u"].qps)

    def test_memory_is_bounded(self):
        from vllm_router.stats import request_stats

        limit(self, request_stats, MAX_OPEN=20, MAX_ENDPOINTS=10)
        monitor = request_stats.RequestStatsMonitor()
        for number in range(request_stats.MAX_OPEN + 10):
            monitor.reserved(number, "u")
        self.assertEqual(request_stats.MAX_OPEN, monitor.get_request_stats()["u"].in_prefill_requests)
        for number in range(request_stats.MAX_ENDPOINTS + 10):
            monitor.reserved(-number, str(number))
        self.assertEqual(request_stats.MAX_ENDPOINTS, len(monitor.get_request_stats()))


class RequestTest(unittest.TestCase):
    def test_a_request_is_told_as_far_as_it_is_known(self):
        headers = Request(x_user_id="ann", content_type="application/json")
        headers.headers[":path"] = "/v1/completions?n=1&id="
        headers.headers[":method"] = "POST"
        bare = Request(x_user_id="ann")
        for expression, request, expected in (
            ("request.headers['X-User-Id'], request.headers.get('x-user-ID')", headers, "ann ann"),
            ("dict(request.headers)", headers, "{'x-user-id': 'ann', 'content-type': 'application/json'}"),
            ("'X-USER-ID' in request.headers, 'x' in request.headers", headers, "True False"),
            ("request.headers.get('x'), request.headers.get('x', 'none')", headers, "None none"),
            ("request.headers.getlist('x-user-id'), len(request.headers)", headers, "['ann'] 2"),
            ("request._body", bare, 'b\'{"model": "llama"}\''),
            ("request.url.path, request.query_params.get('n'), request.method", headers, "/v1/completions 1 POST"),
            ("request.url.path, dict(request.query_params), request.method, request.client", bare, "None {} None None"),
        ):
            with self.subTest(expression):
                strategy = strategy_of(router(f"print({expression})\n{FIRST}"))
                self.assertEqual(expected + "\n", said(lambda: strategy.pick(request, fleet(1))))

    def test_a_body_that_is_no_object_is_an_empty_one(self):
        strategy = strategy_of(router(f"print(request_json)\n{FIRST}", FIVE))
        request = Request()
        for text in ("--boundary", "[1]"):
            request._text = text
            self.assertEqual("{}\n", said(lambda: strategy.pick(request, fleet(1))))


class LogTest(unittest.TestCase):
    def test_a_logger_has_the_methods_of_the_standard_one(self):
        from vllm_router.log import init_logger

        logger = init_logger("name")
        for name, action, expected in (
            ("arguments", lambda: logger.info("%s of %d", "a", 2), "a of 2\n"),
            ("below its level", lambda: logger.debug("x"), ""),
            ("arguments that do not fit", lambda: logger.info("%d", "a"), "%d (arguments do not fit"),
            ("its cause", lambda: logger.error("failed", exc_info=ValueError("why")), "failed: ValueError: why\n"),
        ):
            with self.subTest(name):
                self.assertTrue(said(action).startswith(expected) and bool(expected) == bool(said(action)))

    def test_the_line_of_production_stack_is_written_when_asked_for(self):
        strategy = strategy_of("class MyRouter(SessionRouter):\n    pass\n")
        params = {"session_key": "x-user-id", "compat_log": "true"}
        request = Request(x_user_id="bob", x_request_id="r-1")
        line = said(lambda: strategy.pick(request, fleet(5), params))
        start = "Routing request r-1 with session id bob to http://10.0.0.5:8000 at "
        self.assertRegex(line, start + r"[\d.]+, process time = [\d.]+$")
        params = {**params, "compat_log": "false"}
        self.assertEqual("", said(lambda: strategy.pick(request, fleet(5), params)))


if __name__ == "__main__":
    unittest.main()
