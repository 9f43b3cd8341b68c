"""Short ways of the checks over many rows say the same as a look at each row."""

from hypothesis import given
from hypothesis import strategies as st

from tandemplan.model.checks.facts import first_rows, rows_where
from tandemplan.model.checks.names import _plainly_different
from tandemplan.problems import appearance

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
