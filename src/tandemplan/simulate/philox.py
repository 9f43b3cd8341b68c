"""Named random streams: a number depends on seed, source of randomness, object, replication and index, on nothing else.

Philox4x32-10 after Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC'11: a number is
a function of a key and a counter, without any state. The key names seed, source and object (`stream`), the counter
holds the replication and the index of the number within it. So a replication is the same whatever the number of workers,
of other objects and of numbers that these draw, and two plans can be compared on common random numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tandemplan.compiled import inlined

ROUNDS = 10
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_WORD = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_SPARE = np.uint64(12)  # bits of 64 that a unit number has no room for
_STEP = 2.0**-52


def stream(seed: int, source: str, name: str) -> np.uint64:
    """Return the key of the stream of one object: 64 bits of BLAKE2b over seed, source of randomness and name.

    `source` says what varies (`lead time`, `transit`), `name` whose: numbers of different keys are independent.

    >>> hex(stream(1, "lead time", "motors from Brno"))
    '0xa0a620663b1830d5'
    """
    named = json.dumps([int(seed), source, name]).encode("ascii")
    return np.uint64(int.from_bytes(blake2b(named, digest_size=8).digest(), "little"))


def streams(seed: int, source: str, names: Iterable[str]) -> NDArray[np.uint64]:
    """Return the keys of the streams of several objects, in their order."""
    return np.array([stream(seed, source, name) for name in names], dtype=np.uint64)


@inlined
def philox(low: np.uint64, high: np.uint64, key: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return the 128 bits of Philox4x32-10 for a counter of 128 bits (`low`, `high`), each word low half first.

    >>> [hex(word) for word in philox(np.uint64(0), np.uint64(0), np.uint64(0))]
    ['0xe169c58d6627e8d5', '0x9b00dbd8bc57ac4c']
    """
    x0, x1, x2, x3 = low & _WORD, low >> _HALF, high & _WORD, high >> _HALF
    k0, k1 = key & _WORD, key >> _HALF
    for _ in range(ROUNDS):
        p0, p1 = _MULTIPLIER_0 * x0, _MULTIPLIER_1 * x2
        x0, x1 = (p1 >> _HALF) ^ x1 ^ k0, p1 & _WORD
        x2, x3 = (p0 >> _HALF) ^ x3 ^ k1, p0 & _WORD
        k0, k1 = (k0 + _WEYL_0) & _WORD, (k1 + _WEYL_1) & _WORD
    return x0 | (x1 << _HALF), x2 | (x3 << _HALF)


@inlined
def unit(key: np.uint64, replication: int, index: int) -> float:
    """Return a number of the uniform distribution between 0 and 1, never 0 and never 1.

    It is (k + 1/2) / 2^52 with k of 52 random bits, the most with which u and 1 - u are both exact.

    >>> unit(np.uint64(1), 0, 0) == unit(np.uint64(1), 0, 0) != unit(np.uint64(1), 0, 1)
    True
    """
    bits, _ = philox(np.uint64(index), np.uint64(replication), key)
    return (np.float64(bits >> _SPARE) + 0.5) * _STEP
