"""Blocks of columns and rows, and the model they make."""

import numpy as np

from tandemplan.solver.lp import NO_COLUMN, Builder, lp_text

from .models import two_columns


def test_entries_of_one_cell_are_summed():
    build = Builder()
    x = build.add_grid("x", ("a",), np.ones((1, 2), dtype=bool))
    row = build.add_rows("r", ("a",), np.ones((1, 1), dtype=bool), lower=0.0, upper=8.0)
    build.add(row, x, np.array([[1.0, 2.0]]))
    build.add(row, x[:, :1], 3.0)
    lp = build.lp()
    assert list(lp_text(lp, "r")) == ["r[a,0]: +4 x[a,0] +2 x[a,1] >= 0 <= 8"]
    assert lp.size == (1, 2, 2)


def test_closed_columns_missing_rows_and_zeros_are_passed_over():
    build = Builder()
    x = build.add_grid("x", ("a", "b"), np.array([[True, False], [False, True]]))
    assert x.tolist() == [[0, NO_COLUMN], [NO_COLUMN, 1]]
    row = build.add_rows("r", ("a", "b"), np.array([[True], [False]]), lower=1.0, upper=1.0)
    build.add(row, x, np.array([[5.0, 6.0], [7.0, 8.0]]))
    build.add(row[:1], x[1:, 1:], 0.0)
    assert list(lp_text(build.lp(), "r")) == ["r[a,0]: +5 x[a,0] = 1"]


def test_empty_blocks_and_empty_models():
    build = Builder()
    none = np.zeros((0, 3), dtype=bool)
    build.add_grid("x", (), none)
    build.add_rows("r", (), none, lower=0.0, upper=1.0)
    lp = build.lp()
    assert lp.size == (0, 0, 0)
    assert list(lp_text(lp, "r")) == []
    assert lp.times(np.zeros(0)).tolist() == []


def test_bounds_spread_over_a_block():
    build = Builder()
    there = np.array([[True, True], [False, True]])
    build.add_grid("x", ("a", "b"), there, np.array([[1.0, 2.0], [3.0, 4.0]]))
    build.add_rows("r", ("a", "b"), there, lower=-np.inf, upper=np.array([[9.0], [7.0]]))
    lp = build.lp()
    assert lp.upper.tolist() == [1, 2, 4]
    assert lp.row_upper.tolist() == [9, 9, 7]


def test_a_row_without_entries_keeps_its_place():
    build = Builder()
    x = build.add_grid("x", ("a",), np.ones((1, 1), dtype=bool))
    row = build.add_rows("r", ("a", "b"), np.ones((2, 1), dtype=bool), lower=2.0, upper=np.inf)
    build.add(row[1:], x, 1.0)
    assert list(lp_text(build.lp(), "r")) == ["r[a,0]: >= 2", "r[b,0]: +1 x[a,0] >= 2"]


def test_products_with_the_matrix():
    lp = two_columns()
    assert lp.times(np.array([2.0, 3.0])).tolist() == [5]
    assert lp.transposed_times(np.array([2.0])).tolist() == [2, 2]


def test_labels_name_whom_and_which_period():
    lp = two_columns()
    assert lp.columns["x"].label(0) == "x[a,0]"
    assert lp.rows["need"].index.tolist() == [0]
