"""A consistent hash ring with the points and the lookups of uhashring's default ring.

Each node has 160 points per unit of weight, the MD5 of "name-0", "name-1" and so on read as a 128-bit number. A key
belongs to the first point strictly above its own MD5, round to the first point of all.

Removing a node leaves its points in place and has lookups step over them, adding it again takes a set insertion: rings
whose nodes come and go with every call (a different model, a subset of the candidates) are not sorted each time. Points
of removed nodes are dropped when they are more than three quarters of the ring and more than MAX_IDLE_NODES nodes.
"""

from bisect import bisect

VIRTUAL_NODES = 160
MAX_IDLE_NODES = 256


class HashRing:
    """`nodes` is a name, a list of names, or a dictionary from name to weight or to {"weight": n}."""

    def __init__(self, nodes=(), **options):
        self._vnodes = options.pop("vnodes", None) or options.pop("replicas", None) or VIRTUAL_NODES
        self._hash = options.pop("hash_fn", None) or _md5
        if not callable(self._hash) or options:
            named = "hash_fn by name" if not options else ", ".join(sorted(options))
            raise NotImplementedError(
                f"uhashring: {named}: only vnodes, replicas and a hash_fn that is a function are there"
            )
        self._nodes = {}
        self._points = {}
        self._ring = None
        for name, weight in _weights(nodes):
            self._activate(name, weight)

    def get_node(self, key):
        """The name of the node the key belongs to; None where the ring is empty."""
        if not self._nodes:
            return None
        hashes, owners = self._sorted()
        nodes = self._nodes
        at = bisect(hashes, self._hash(key))
        size = len(owners)
        for step in range(size):
            owner = owners[(at + step) % size]
            if owner in nodes:
                return owner
        return None

    def get(self, key):
        """The node the key belongs to, with its weight and its number of points."""
        name = self.get_node(key)
        return None if name is None else self.nodes[name]

    def get_key(self, key):
        return self._hash(key)

    def get_nodes(self):
        return list(self._nodes)

    @property
    def nodes(self):
        return {
            name: {
                "hostname": name,
                "nodename": name,
                "port": None,
                "instance": None,
                "vnodes": self._vnodes,
                "weight": weight,
            }
            for name, weight in self._nodes.items()
        }

    conf = nodes

    @property
    def size(self):
        return sum(len(self._points[name]) for name in self._nodes)

    def get_points(self):
        """The ring as pairs of point and node name, ascending."""
        hashes, owners = self._sorted()
        return [(point, owner) for point, owner in zip(hashes, owners) if owner in self._nodes]

    def iterate_nodes(self, key, distinct=True):
        """Node names in the order in which they would take the key over."""
        if not self._nodes:
            return
        hashes, owners = self._sorted()
        at = bisect(hashes, self._hash(key))
        seen = set()
        for step in range(len(owners)):
            owner = owners[(at + step) % len(owners)]
            if owner in self._nodes and not (distinct and owner in seen):
                seen.add(owner)
                yield owner

    def range(self, key, size=None, unique=True):
        """The first `size` of iterate_nodes (all of them if None), as get gives them."""
        nodes = self.nodes
        for position, name in enumerate(self.iterate_nodes(key, unique)):
            if position == size:
                return
            yield nodes[name]

    def add_node(self, nodename, conf=None):
        self._activate(nodename, _weight(1 if conf is None else conf))

    def remove_node(self, nodename):
        if nodename not in self._nodes:
            raise KeyError("the node is not in the ring")
        del self._nodes[nodename]
        idle = len(self._points) - len(self._nodes)
        if idle > MAX_IDLE_NODES and idle > 3 * len(self._nodes):
            self._points = {name: self._points[name] for name in self._nodes}
            self._ring = None

    __delitem__ = remove_node

    def __len__(self):
        return len(self._nodes)

    def __contains__(self, nodename):
        return nodename in self._nodes

    def _activate(self, name, weight):
        count = self._vnodes * weight
        known = self._points.get(name)
        if known is None or len(known) != count:
            self._points[name] = [self._hash(f"{name}-{point}") for point in range(count)]
            self._ring = None
        self._nodes[name] = weight

    def _sorted(self):
        if self._ring is None:
            pairs = sorted((point, name) for name, points in self._points.items() for point in points)
            self._ring = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        return self._ring


def _weights(nodes):
    if isinstance(nodes, str):
        return [(nodes, 1)]
    if isinstance(nodes, dict):
        return [(name, _weight(conf)) for name, conf in nodes.items()]
    return [(name, 1) for name in nodes]


def _weight(conf):
    weight = conf.get("weight", 1) if isinstance(conf, dict) else conf
    if not isinstance(weight, int) or weight < 1:
        raise ValueError("the weight of a node is a whole number of at least 1")
    return weight


def _md5(key):
    from hashlib import md5

    return int.from_bytes(md5(str(key).encode("utf-8")).digest(), "big")
