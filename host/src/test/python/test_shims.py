"""The packages a router imports, against vectors of the originals."""

import copy
import dataclasses
import unittest

import requests
import uhashring
import xxhash
from fleet import Endpoint, limit, url
from uhashring import HashRing
from vllm_router.prefix import hashtrie
from vllm_router.prefix.hashtrie import HashTrie
from vllm_router.service_discovery import EndpointInfo, ModelInfo
from vllm_router.stats.engine_stats import EngineStats, LiveEngineStats
from vllm_router.utils import SingletonABCMeta, SingletonMeta

RING = (
    ("user-1", 2),
    ("user-2", 2),
    ("alice", 2),
    ("bob", 5),
    ("", 4),
    ("9999", 4),
    (9999, 4),
    ("ünïcode", 1),
    ("session-abc-123", 3),
)
XXH64 = (
    ("", 0xEF46DB3751D8E999),
    ("a", 15154266338359012955),
    ("a" * 128, 7300379565935374962),
    ("abc " * 32, 16553583148839187275),
    ("héllo", 4310053764713069540),
)
XXH32 = (("", 0x02CC5D05), ("a", 0x550D7456), ("abc", 0x32D153FF), ("a" * 17, 0xDF090C34))


class HashRingTest(unittest.TestCase):
    def ring(self):
        return HashRing([url(number) for number in range(1, 6)])

    def test_keys_belong_to_the_nodes_of_the_original(self):
        for key, number in RING:
            with self.subTest(key):
                self.assertEqual(url(number), self.ring().get_node(key))

    def test_points_are_those_of_the_original(self):
        ring = self.ring()
        self.assertEqual(800, ring.size)
        self.assertEqual(285573413173782752570879317399258818820, ring.get_key("user-1"))
        expected = [
            (0x1ECF30307076449F4982126BCED23F, url(4)),
            (0xA2E93FD8D3CEC9198CC8AEC3AC188B, url(3)),
            (0xCBEC1CF7E7899048D971E5287A5ADD, url(1)),
        ]
        self.assertEqual(expected, ring.get_points()[:3])

    def test_only_the_keys_of_a_removed_node_move_and_they_come_back(self):
        ring = self.ring()
        before = {key: ring.get_node(key) for key, _ in RING}
        ring.remove_node(url(3))
        self.assertEqual({**before, "session-abc-123": url(2)}, {key: ring.get_node(key) for key, _ in RING})
        ring.add_node(url(3))
        self.assertEqual(before, {key: ring.get_node(key) for key, _ in RING})

    def test_many_removed_nodes_are_forgotten(self):
        limit(self, uhashring, MAX_IDLE_NODES=4)
        ring = HashRing()
        for number in range(20):
            ring.add_node(f"n{number}")
            ring.remove_node(f"n{number}")
        self.assertLessEqual(len(ring._points), 5)
        self.assertIsNone(ring.get_node("key"))


class XxHashTest(unittest.TestCase):
    def test_hashes_are_those_of_the_original(self):
        for text, expected in XXH64:
            with self.subTest(text):
                self.assertEqual(expected, xxhash.xxh64(text).intdigest())
        for text, expected in XXH32:
            with self.subTest(text):
                self.assertEqual(expected, xxhash.xxh32_intdigest(text))

    def test_pieces_hash_as_the_whole(self):
        pieces = xxhash.xxh64(seed=7)
        pieces.update("abc")
        pieces.update(b"def" * 20)
        self.assertEqual(xxhash.xxh64_hexdigest("abc" + "def" * 20, seed=7), pieces.hexdigest())


class HashTrieTest(unittest.TestCase):
    def test_the_longest_beginning_names_who_was_sent_it(self):
        trie = HashTrie()
        trie.add("a" * 256 + "b", "one")
        trie.add("a" * 128, "two")
        both = {"one", "two"}
        for name, text, available, expected in (
            ("nothing in common", "x" * 128, both, (0, both)),
            ("the first chunk", "a" * 128 + "x", both, (128, both)),
            ("a part of a chunk is none", "a" * 127, both, (0, both)),
            ("a last chunk counts whole", "a" * 256 + "b", both, (384, {"one"})),
            ("who is not there does not count", "a" * 256, {"two"}, (128, {"two"})),
        ):
            with self.subTest(name):
                self.assertEqual(expected, trie.match(text, available))

    def test_memory_is_bounded_and_what_is_in_use_stays(self):
        limit(self, hashtrie, MAX_NODES=200, MAX_CHUNKS=40)
        trie = HashTrie(chunk_size=1)
        used = "used every time"
        for number in range(100):
            trie.add(used, "one")
            trie.add(chr(1000 + number) + "rest", "two")
            self.assertLess(trie._young_nodes, 200)
        self.assertEqual((len(used), {"one"}), trie.match(used, {"one", "two"}))
        self.assertEqual((0, {"one", "two"}), trie.match(chr(1000) + "rest", {"one", "two"}))
        trie.add("x" * 1000, "one")
        self.assertEqual(40, trie.match("x" * 1000, {"one"})[0])


class RecordTest(unittest.TestCase):
    def test_records_are_dataclasses_to_who_asks(self):
        stats = EngineStats(3, gpu_cache_usage_perc=0.5)
        self.assertTrue(dataclasses.is_dataclass(stats))
        self.assertEqual(vars(stats), dataclasses.asdict(stats))
        other = dataclasses.replace(stats, num_running_requests=9)
        self.assertEqual(EngineStats(num_running_requests=9, gpu_cache_usage_perc=0.5), other)
        self.assertIn("num_running_requests=3, num_queuing_requests=0", repr(stats))

        @dataclasses.dataclass
        class More(EngineStats):
            extra: int = 7

        self.assertEqual((4, 7), (More(4).num_running_requests, More(4).extra))

    def test_a_record_names_what_is_wrong_with_its_values(self):
        for name, make, text in (
            ("missing", lambda: ModelInfo("id"), "'object' is missing"),
            ("unknown", lambda: EngineStats(runing=1), "no field 'runing'"),
            ("twice", lambda: EngineStats(1, num_running_requests=1), "given twice"),
            ("too many", lambda: EngineStats(*range(9)), "has 7 fields"),
        ):
            with self.subTest(name), self.assertRaisesRegex(TypeError, text):
                make()

    def test_a_live_view_reads_its_source_and_copies_are_plain(self):
        endpoint = Endpoint(1, in_flight=2, running=5.0)
        view = LiveEngineStats(endpoint)
        held = copy.copy(view)
        endpoint.in_flight = 3
        self.assertEqual((3, 2), (view.active_connections, held.active_connections))
        self.assertEqual(3, vars(view)["active_connections"])
        self.assertEqual(3, dataclasses.asdict(view)["active_connections"])
        self.assertEqual(EngineStats(5.0, active_connections=3), view)
        self.assertIsInstance(view, EngineStats)

    def test_an_assignment_makes_a_view_plain(self):
        endpoint = Endpoint(1, in_flight=2)
        view = LiveEngineStats(endpoint)
        view.num_requests_running += 4
        endpoint.in_flight = 9
        self.assertEqual(EngineStats(4, active_connections=2), view)

    def test_adapters_of_an_endpoint_are_told_by_their_parent(self):
        base = ModelInfo.from_dict({"id": "base", "object": "model", "created": 1, "max_model_len": 10})
        lora = ModelInfo.from_dict({"id": "lora", "object": "model", "created": 1, "parent": "base"})
        models = {"base": base, "lora": lora}
        info = EndpointInfo(url(1), list(models), "1", 0, "default", False, model_info=models)
        self.assertEqual((["base"], ["lora"]), (info.get_base_models(), info.get_adapters_for_model("base")))
        self.assertEqual(10, base.to_dict()["max_model_len"])


class SingletonTest(unittest.TestCase):
    def test_the_first_call_makes_the_instance_and_later_arguments_are_ignored(self):
        for meta, create in ((SingletonABCMeta, "create"), (SingletonMeta, "_create")):
            with self.subTest(meta.__name__):

                class Kept(metaclass=meta):
                    def __init__(self, value):
                        self.value = value

                class Child(Kept):
                    pass

                self.assertIsNone(Kept(**{create: False}))
                self.assertEqual((5, 5, 9), (Kept(5).value, Kept(9).value, Child(9).value))
                self.assertIs(Kept(1), Kept(**{create: False}))


class NetworkTest(unittest.TestCase):
    def test_network_packages_say_that_there_is_no_network(self):
        import aiohttp

        for name, call, error in (
            ("requests.post", lambda: requests.post("http://10.0.0.1/tokenize"), requests.RequestException),
            ("requests.Session", requests.Session, requests.exceptions.ConnectionError),
            ("aiohttp.ClientSession", aiohttp.ClientSession, aiohttp.ClientError),
        ):
            with self.subTest(name), self.assertRaisesRegex(error, "a plugin has no network"):
                call()


if __name__ == "__main__":
    unittest.main()
