"""Known answers of Philox4x32-10, and streams that depend on nothing but their names."""

from __future__ import annotations

import numpy as np
import pytest

from tandemplan.simulate.philox import philox, stream, streams, unit

from .chances import Z, chi_square, chi_square_bound, units, units_over_replications

MANY = 1_000_000
# Random123 1.14, tests/kat_vectors (Salmon et al. 2011): counter, key, answer
PUBLISHED = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def plainly(counter, key, width):
    """Philox4x`width`-10 in whole numbers of Python, by the paper: for words of 64 bits numpy has it too."""
    multipliers = {32: (0xD2511F53, 0xCD9E8D57), 64: (0xD2E7470EE14C6C93, 0xCA5A826395121157)}[width]
    weyl = {32: (0x9E3779B9, 0xBB67AE85), 64: (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)}[width]
    word = 2**width
    for _ in range(10):
        first, second = multipliers[0] * counter[0], multipliers[1] * counter[2]
        counter = (
            (second // word) ^ counter[1] ^ key[0],
            second % word,
            (first // word) ^ counter[3] ^ key[1],
            first % word,
        )
        key = tuple((k + w) % word for k, w in zip(key, weyl, strict=True))
    return counter


def pairs(words):
    return [np.uint64(words[i] | words[i + 1] << 32) for i in range(0, len(words), 2)]


@pytest.mark.parametrize(("counter", "key", "answer"), PUBLISHED)
def test_the_published_answers_come_out(counter, key, answer):
    assert philox(*pairs(counter), *pairs(key)) == tuple(pairs(answer))


def test_a_plain_philox_agrees_with_numpys_and_with_ours():
    dice = np.random.default_rng(1)
    for _ in range(200):
        counter = tuple(int(x) for x in dice.integers(0, 2**63, 4))
        key = tuple(int(x) for x in dice.integers(0, 2**63, 2))
        before = sum(word << 64 * i for i, word in enumerate(counter)) - 1  # numpy counts on before it draws
        theirs = np.random.Philox(counter=before, key=key[0] | key[1] << 64).random_raw(4)
        assert plainly(counter, key, 64) == tuple(int(x) for x in theirs)
        counter, key = (tuple(word % 2**32 for word in words) for words in (counter, key))
        assert philox(*pairs(counter), *pairs(key)) == tuple(pairs(plainly(counter, key, 32)))


def test_a_stream_depends_on_seed_source_and_name_alone():
    assert stream(7, "lead time", "motors") == np.uint64(0x2E6E83A71C7A92AB)
    others = [stream(8, "lead time", "motors"), stream(7, "transit", "motors"), stream(7, "lead time", "wings")]
    apart = [stream(7, "lead", "time motors"), stream(7, 'lead time", "', "motors"), stream(7, "lead time", "Мotors")]
    assert len({int(key) for key in (*others, *apart, stream(7, "lead time", "motors"))}) == 7
    assert streams(7, "lead time", ["wings", "motors"]).tolist() == [others[2], stream(7, "lead time", "motors")]


def test_units_lie_strictly_between_0_and_1():
    drawn = units(stream(1, "a", "b"), 0, 0, MANY)
    assert 0 < drawn.min() < 1e-5
    assert 1 - 1e-5 < drawn.max() < 1
    assert (1 - (1 - drawn) == drawn).all()
    assert (2**52 - 1 + 0.5) * 2.0**-52 < 1  # the greatest of all


def test_units_are_those_of_numpys_plain_reading_of_the_words():
    key, replication, index = 0x0123456789ABCDEF, 3, 2**40 + 5
    words = plainly((5, 2**8, 3, 0), (key % 2**32, key // 2**32), 32)
    assert unit(np.uint64(key), replication, index) == ((words[0] + words[1] * 2**32) // 2**12 + 0.5) / 2**52


KEY = stream(2026, "lead time", "motors")
PAIRS = {  # of numbers that must not know of each other
    "the next index": lambda: (units(KEY, 0, 0, MANY), units(KEY, 0, 1, MANY)),
    "an index far on": lambda: (units(KEY, 0, 0, MANY), units(KEY, 0, 2**33, MANY)),
    "the next replication": lambda: (units(KEY, 0, 0, MANY), units(KEY, 1, 0, MANY)),
    "another object": lambda: (units(KEY, 0, 0, MANY), units(stream(2026, "lead time", "wings"), 0, 0, MANY)),
    "another source": lambda: (units(KEY, 0, 0, MANY), units(stream(2026, "transit", "motors"), 0, 0, MANY)),
    "another seed": lambda: (units(KEY, 0, 0, MANY), units(stream(2027, "lead time", "motors"), 0, 0, MANY)),
    "the next key": lambda: (units(KEY, 0, 0, MANY), units(KEY + np.uint64(1), 0, 0, MANY)),
    "index for replication": lambda: (units(KEY, 0, 1, MANY), units_over_replications(KEY, 0, MANY + 1)[1:]),
    "the next index over replications": lambda: tuple(units_over_replications(KEY, i, MANY) for i in (0, 1)),
}


@pytest.mark.parametrize("case", PAIRS)
def test_streams_are_uniform_and_independent(case):
    one, other = PAIRS[case]()
    assert abs(np.corrcoef(one, other)[0, 1]) < Z / np.sqrt(MANY)
    assert chi_square((other * 1000).astype(int), 1000) < chi_square_bound(999)
    together = (one * 32).astype(int) * 32 + (other * 32).astype(int)
    assert chi_square(together, 1024) < chi_square_bound(1023)
    low_bits = (other * 2.0**44 % 1 * 256).astype(int)
    assert chi_square(low_bits, 256) < chi_square_bound(255)


def test_first_numbers_of_a_hundred_thousand_names_are_uniform():
    keys = streams(1, "duration", (f"task {i}" for i in range(100_000)))
    first = np.array([unit(key, 0, 0) for key in keys])
    assert len(set(keys.tolist())) == 100_000
    assert chi_square((first * 100).astype(int), 100) < chi_square_bound(99)
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < Z / np.sqrt(100_000)
