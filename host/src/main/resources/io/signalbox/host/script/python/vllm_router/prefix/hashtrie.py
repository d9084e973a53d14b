"""Which endpoints were sent which beginnings of prompts.

A trie over chunks of text; a node's set holds the endpoints that were sent the text up to it. A node is found by the
hash of its chunk, so no text is kept.

Bounded by generations: new text goes to the young trie, and when that has MAX_NODES / 2 nodes it becomes the old one
and the old one is dropped. Whatever is still asked for is inserted again by being routed, so what leaves is what nobody
asked for during half the capacity; endpoints that are gone leave the same way. Text after the first MAX_CHUNKS chunks
is not looked at. Both operations cost one dictionary access per chunk.
"""

MAX_NODES = 16384
MAX_CHUNKS = 1024


class TrieNode:
    __slots__ = ("children", "endpoints")

    def __init__(self):
        self.children = {}
        self.endpoints = set()


class HashTrie:
    """The methods are coroutines as in production-stack, though nothing here waits."""

    def __init__(self, chunk_size=128):
        self.chunk_size = chunk_size
        self._young = TrieNode()
        self._old = TrieNode()
        self._young_nodes = 0

    async def insert(self, request, endpoint):
        self.add(request, endpoint)

    async def longest_prefix_match(self, request, available_endpoints=frozenset()):
        return self.match(request, available_endpoints)

    def add(self, text, endpoint):
        if self._young_nodes >= MAX_NODES // 2:
            self._old = self._young
            self._young = TrieNode()
            self._young_nodes = 0
        node = self._young
        node.endpoints.add(endpoint)
        for chunk in self._chunks(text):
            child = node.children.get(chunk)
            if child is None:
                child = node.children[chunk] = TrieNode()
                self._young_nodes += 1
            child.endpoints.add(endpoint)
            node = child

    def match(self, text, available):
        """The length of the longest known beginning, in characters and counted in whole chunks, and who was sent it."""
        chunks = self._chunks(text)
        young_depth, young = _walk(self._young, chunks, available)
        old_depth, old = _walk(self._old, chunks, available)
        if young_depth == old_depth:
            depth, endpoints = young_depth, young | old
        else:
            depth, endpoints = (young_depth, young) if young_depth > old_depth else (old_depth, old)
        return depth * self.chunk_size, endpoints

    def _chunks(self, text):
        size = self.chunk_size
        return [hash(text[at : at + size]) for at in range(0, min(len(text), MAX_CHUNKS * size), size)]


def _walk(node, chunks, available):
    eligible = set(available)
    depth = 0
    for chunk in chunks:
        node = node.children.get(chunk)
        if node is None:
            break
        narrowed = node.endpoints & eligible
        if not narrowed:
            break
        eligible = narrowed
        depth += 1
    return depth, eligible
