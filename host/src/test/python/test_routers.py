"""production-stack's routers by their rules."""

import unittest

from fastapi import HTTPException
from fleet import Request, fleet, limit, strategy_of, url
from vllm_router.routers import routing_logic
from vllm_router.routers.routing_logic import RoundRobinRouter

SUBCLASS = "class MyRouter({}):\n    pass\n"


def picks(strategy, endpoints, count, params=None, **request):
    return [strategy.pick(Request(**request), endpoints, params) for _ in range(count)]


class RoundRobinTest(unittest.TestCase):
    def test_each_set_of_endpoints_has_its_own_turn_in_the_order_of_urls(self):
        router = strategy_of(SUBCLASS.format("RoundRobinRouter"))
        three = fleet(3)
        self.assertEqual([0, 1, 2, 0], picks(router, three, 4))
        self.assertEqual([0, 1], picks(router, three[1:], 2))
        self.assertEqual([1], picks(router, three, 1))
        self.assertEqual([0, 2], picks(router, three[::-1], 2))

    def test_turns_are_bounded(self):
        limit(self, routing_logic, MAX_SETS=8)
        router = routing_logic.RoundRobinRouter()
        for number in range(30):
            router.route_request([type("E", (), {"url": str(number)})], {}, {}, None)
        self.assertLessEqual(len(router._turns), routing_logic.MAX_SETS)


class SessionTest(unittest.TestCase):
    def setUp(self):
        self.router = strategy_of(SUBCLASS.format("SessionRouter"))
        self.params = {"session_key": "x-user-id"}

    def test_sessions_stay_where_the_ring_puts_them(self):
        for name, request, expected in (
            ("header", {"x_user_id": "bob"}, 5),
            ("empty header is a session", {"x_user_id": ""}, 4),
            ("member of the body", {"body": {"x-user-id": "session-abc-123"}}, 3),
            ("number in the body", {"body": {"x-user-id": 9999}}, 4),
            ("header before body", {"x_user_id": "bob", "body": {"x-user-id": "alice"}}, 5),
        ):
            with self.subTest(name):
                self.assertEqual([expected - 1] * 3, picks(self.router, fleet(5), 3, self.params, **request))

    def test_without_a_session_the_endpoint_that_never_got_a_request_is_first(self):
        endpoints = fleet(3)
        self.router.on_reserved(Request(), endpoints[0])
        self.assertEqual([1], picks(self.router, endpoints, 1, self.params))
        for endpoint in (endpoints[0], endpoints[1], endpoints[2], endpoints[2]):
            self.router.on_reserved(Request(), endpoint)
        self.assertEqual([1], picks(self.router, endpoints, 1, self.params))

    def test_the_body_is_read_only_where_somebody_may_look_at_it(self):
        unread = Request(x_user_id="bob")
        unread.body = lambda: self.fail("the body was read")
        self.assertEqual(4, self.router.pick(unread, fleet(5), self.params))
        overriding = strategy_of(
            "class MyRouter(SessionRouter):\n"
            "    def extract_session_id(self, request, request_json):\n"
            "        return request_json | {'user': 'bob'} and 'bob'\n"
        )
        self.assertEqual([4], picks(overriding, fleet(5), 1, self.params))

    def test_without_its_parameter_it_says_which_one(self):
        with self.assertRaisesRegex(ValueError, "needs session_key"):
            picks(self.router, fleet(2), 1)


class PrefixAwareTest(unittest.TestCase):
    def test_a_prompt_goes_where_its_beginning_went(self):
        router = strategy_of(SUBCLASS.format("PrefixAwareRouter"))
        chat = {"messages": [{"role": "user", "content": "x" * 300}]}
        first = picks(router, fleet(8), 1, body=chat)[0]
        chat["messages"].append({"role": "user", "content": [{"type": "text", "text": "more"}, {"type": "image_url"}]})
        self.assertEqual([first] * 20, picks(router, fleet(8), 20, body=chat))

    def test_a_short_match_and_a_body_without_text_go_by_requests_per_second(self):
        router = strategy_of(SUBCLASS.format("PrefixAwareRouter"))
        endpoints = fleet(2)
        router.on_reserved(Request(), endpoints[0])
        params = {"prefix_min_match_length": 256.0}
        self.assertEqual([1, 1, 1], picks(router, endpoints, 3, params, body={"prompt": "short"}))
        self.assertEqual([1], picks(router, endpoints, 1, body={"input": ["no text"]}))


class OthersTest(unittest.TestCase):
    def test_what_needs_a_service_or_a_second_call_says_so(self):
        for name, text in (
            ("KvawareRouter", "LMCache"),
            ("DisaggregatedPrefillRouter", "prefill call"),
            ("DisaggregatedPrefillOrchestratedRouter", "prefill call"),
        ):
            with self.subTest(name), self.assertRaisesRegex(NotImplementedError, text):
                strategy_of(SUBCLASS.format(name)).pick(Request(), fleet(2))

    def test_an_orchestrated_router_knows_who_is_for_what(self):
        router = routing_logic.DisaggregatedPrefillOrchestratedRouter(["p"], ["d"])
        infos = [type("E", (), {"url": url(n), "model_label": "p" if n < 3 else "x"}) for n in (2, 1, 3)]
        chosen = [router.select_prefill_endpoint(infos).url for _ in range(3)]
        self.assertEqual([url(1), url(2), url(1)], chosen)
        with self.assertRaises(HTTPException) as refused:
            router.select_decode_endpoint(infos)
        self.assertEqual(503, refused.exception.status_code)

    def test_routers_are_made_by_name(self):
        self.addCleanup(routing_logic.cleanup_routing_logic)
        routing_logic.cleanup_routing_logic()
        made = routing_logic.initialize_routing_logic(routing_logic.RoutingLogic.ROUND_ROBIN, session_key=None)
        self.assertIsInstance(made, RoundRobinRouter)
        self.assertIs(made, routing_logic.get_routing_logic())
        self.assertEqual("roundrobin", routing_logic.RoutingLogic("roundrobin"))
        with self.assertRaisesRegex(ValueError, "unknown routing logic 'x': roundrobin, session"):
            routing_logic.initialize_routing_logic("x")


if __name__ == "__main__":
    unittest.main()
