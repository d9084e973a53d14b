"""xxHash with 32 and 64 bits, in Python. The XXH3 family is not there.

https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md is the algorithm. About 0.2 microseconds a byte: for a
few kilobytes of text per request, not for bodies.
"""

from struct import unpack_from

VERSION = "signalbox"
algorithms_available = {"xxh32", "xxh64"}

_MASK64 = (1 << 64) - 1
_A64 = 0x9E3779B185EBCA87
_B64 = 0xC2B2AE3D27D4EB4F
_C64 = 0x165667B19E3779F9
_D64 = 0x85EBCA77C2B2AE63
_E64 = 0x27D4EB2F165667C5

_MASK32 = (1 << 32) - 1
_A32 = 0x9E3779B1
_B32 = 0x85EBCA77
_C32 = 0xC2B2AE3D
_D32 = 0x27D4EB2F
_E32 = 0x165667B1


def _bytes(data):
    return data.encode("utf-8") if isinstance(data, str) else bytes(data)


def _round64(lane, word):
    lane = (lane + word * _B64) & _MASK64
    return ((lane << 31 | lane >> 33) & _MASK64) * _A64 & _MASK64


def _merge64(value, lane):
    return ((value ^ _round64(0, lane)) * _A64 + _D64) & _MASK64


def xxh64_intdigest(data, seed=0):
    data = _bytes(data)
    size = len(data)
    at = 0
    if size >= 32:
        a, b = (seed + _A64 + _B64) & _MASK64, (seed + _B64) & _MASK64
        c, d = seed & _MASK64, (seed - _A64) & _MASK64
        while at <= size - 32:
            w, x, y, z = unpack_from("<4Q", data, at)
            a, b, c, d = _round64(a, w), _round64(b, x), _round64(c, y), _round64(d, z)
            at += 32
        value = (a << 1 | a >> 63) + (b << 7 | b >> 57) + (c << 12 | c >> 52) + (d << 18 | d >> 46) & _MASK64
        value = _merge64(_merge64(_merge64(_merge64(value, a), b), c), d)
    else:
        value = (seed + _E64) & _MASK64
    value = _tail64((value + size) & _MASK64, data, at)
    value = (value ^ value >> 33) * _B64 & _MASK64
    value = (value ^ value >> 29) * _C64 & _MASK64
    return value ^ value >> 32


def _tail64(value, data, at):
    size = len(data)
    while at <= size - 8:
        value ^= _round64(0, unpack_from("<Q", data, at)[0])
        value = (((value << 27 | value >> 37) & _MASK64) * _A64 + _D64) & _MASK64
        at += 8
    if at <= size - 4:
        value ^= unpack_from("<I", data, at)[0] * _A64 & _MASK64
        value = (((value << 23 | value >> 41) & _MASK64) * _B64 + _C64) & _MASK64
        at += 4
    for byte in data[at:]:
        value ^= byte * _E64 & _MASK64
        value = ((value << 11 | value >> 53) & _MASK64) * _A64 & _MASK64
    return value


def _round32(lane, word):
    lane = (lane + word * _B32) & _MASK32
    return ((lane << 13 | lane >> 19) & _MASK32) * _A32 & _MASK32


def xxh32_intdigest(data, seed=0):
    data = _bytes(data)
    size = len(data)
    at = 0
    if size >= 16:
        a, b = (seed + _A32 + _B32) & _MASK32, (seed + _B32) & _MASK32
        c, d = seed & _MASK32, (seed - _A32) & _MASK32
        while at <= size - 16:
            w, x, y, z = unpack_from("<4I", data, at)
            a, b, c, d = _round32(a, w), _round32(b, x), _round32(c, y), _round32(d, z)
            at += 16
        rotated = (a << 1 | a >> 31), (b << 7 | b >> 25), (c << 12 | c >> 20), (d << 18 | d >> 14)
        value = sum(lane & _MASK32 for lane in rotated) & _MASK32
    else:
        value = (seed + _E32) & _MASK32
    value = _tail32((value + size) & _MASK32, data, at)
    value = (value ^ value >> 15) * _B32 & _MASK32
    value = (value ^ value >> 13) * _C32 & _MASK32
    return value ^ value >> 16


def _tail32(value, data, at):
    while at <= len(data) - 4:
        value = (value + unpack_from("<I", data, at)[0] * _C32) & _MASK32
        value = ((value << 17 | value >> 15) & _MASK32) * _D32 & _MASK32
        at += 4
    for byte in data[at:]:
        value = (value + byte * _E32) & _MASK32
        value = ((value << 11 | value >> 21) & _MASK32) * _A32 & _MASK32
    return value


class _Hash:
    """Collects what it is given and hashes it when asked."""

    block_size = 0
    digest_size = 0
    name = ""

    def __init__(self, data=b"", seed=0):
        self.seed = seed
        self._data = _bytes(data)

    def update(self, data):
        self._data += _bytes(data)

    def reset(self):
        self._data = b""

    def copy(self):
        return type(self)(self._data, self.seed)

    def intdigest(self):
        return self._digest(self._data, self.seed)

    def digest(self):
        return self.intdigest().to_bytes(self.digest_size, "big")

    def hexdigest(self):
        return self.digest().hex()


class xxh64(_Hash):
    name, digest_size, block_size = "XXH64", 8, 32
    _digest = staticmethod(xxh64_intdigest)


class xxh32(_Hash):
    name, digest_size, block_size = "XXH32", 4, 16
    _digest = staticmethod(xxh32_intdigest)


def xxh64_digest(data, seed=0):
    return xxh64(data, seed).digest()


def xxh64_hexdigest(data, seed=0):
    return xxh64(data, seed).hexdigest()


def xxh32_digest(data, seed=0):
    return xxh32(data, seed).digest()


def xxh32_hexdigest(data, seed=0):
    return xxh32(data, seed).hexdigest()
