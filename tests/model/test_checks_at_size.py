"""Short ways over many rows, in checks and in changes, say the same as a look at each row."""

from difflib import get_close_matches
from fnmatch import fnmatchcase

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandemplan.model.cells import CellError
from tandemplan.model.changes import select
from tandemplan.model.checks.facts import first_rows, rows_where
from tandemplan.model.checks.names import _plainly_different
from tandemplan.model.schema import BomLine, Item
from tandemplan.model.tables import Table, from_values
from tandemplan.problems import ALIKE, appearance, closest

WORDS = ["A", "a", "A ", " A", "A B", "A  B", "a b", "A\tB", "A\nB", "", "\u0410", "e\u0301", "\u00e9", "A\u200b", "b", "B", "C", "D"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS)))
def test_names_that_are_plainly_different_look_different(names: list[str]):
    if _plainly_different(names):
        assert len({appearance(n) for n in names}) == len(set(names))


def test_many_plain_names_are_judged_at_once():
    assert _plainly_different([f"D {k}" for k in range(100)])
    assert not _plainly_different(["Bolt", "bolt"])


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("AB"))))
def test_rows_are_found_as_by_a_look_at_each(keys: list[tuple[str, str]]):
    def wrong(key: tuple[str, str]) -> bool:
        return key[0] == key[1]

    assert rows_where(keys, wrong) == [i for i, key in enumerate(keys) if wrong(key)]
    assert list(first_rows(keys).items()) == [(k, keys.index(k)) for k in dict.fromkeys(keys)]


BILLS = from_values(
    BomLine,
    {
        "parent": ["A", "A", "[A]", "B", "A"],
        "alternative": ["", "x", "", "y", "x"],
        "component": ["B", "C", "C", "D*", "D"],
    },
)
ITEMS = from_values(Item, {"item": ["A", "B", "C"], "groups": [("x", "y"), (), ("y*",)], "weight_kg": [1.0, None, 2.5]})


def selected_one_by_one(table: Table[BomLine], parts: list[str]) -> list[int]:
    return [
        i
        for i, key in enumerate(table.keys)
        if len(key) >= len(parts) and all(p == k or fnmatchcase(k, p) for p, k in zip(parts, key, strict=False))
    ]


@given(st.lists(st.sampled_from(["A", "[A]", "", "x", "?", "*", "D*", "D?", "B", "Z"]), min_size=1, max_size=6))
def test_rows_with_a_key_are_selected_as_by_a_look_at_each(parts: list[str]):
    wanted = list(range(len(BILLS))) if parts == ["*"] else selected_one_by_one(BILLS, parts)
    if wanted:
        assert select(BILLS, "|".join(parts)) == wanted
    else:
        with pytest.raises(CellError, match="no row of bom"):
            select(BILLS, "|".join(parts))


def test_rows_that_meet_conditions_are_selected():
    assert select(ITEMS, "groups=y") == [0]
    assert select(ITEMS, "groups=y*") == [0, 2]
    assert select(ITEMS, "groups=x,y*|weight_kg=2.5") == [2]
    assert select(ITEMS, "weight_kg=") == [1]
    assert select(ITEMS, "item=[AB]") == [0, 1]


@given(st.text("abAB1", max_size=6), st.lists(st.text("abAB1", min_size=1, max_size=6), max_size=12))
def test_the_closest_word_is_the_one_that_a_look_at_all_finds(word: str, known: list[str]):
    wanted = get_close_matches(word, known, n=1, cutoff=ALIKE)
    assert closest(word, known) == (wanted[0] if wanted else None)


def test_a_key_that_stands_twice_selects_both_rows():
    table = from_values(Item, {"item": ["A", "B", "A"]})
    assert select(table, "A") == [0, 2]


def test_a_new_column_keeps_the_keys_and_a_new_key_does_not():
    table = from_values(Item, {"item": ["A", "B"]})
    assert table.index == {("A",): 0, ("B",): 1}
    assert table.with_column("name", np.array(["x", "y"], dtype=object)).index == table.index
    assert ("C",) in table.with_column("item", np.array(["C", "D"], dtype=object)).index
