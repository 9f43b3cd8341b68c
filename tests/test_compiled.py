"""What was compiled is kept by what all kernels say, so that a change of one is never overlooked."""

from __future__ import annotations

import importlib

import pytest

compiled = importlib.import_module("tandemplan.compiled")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "_HERE", tmp_path)
    monkeypatch.setattr(compiled._SETTINGS, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "simulate").mkdir()
    (tmp_path / "simulate" / "one.py").write_text("\n@kernel\ndef f(): return 1\n")
    (tmp_path / "simulate" / "two.py").write_text("X = 1\n")
    return tmp_path


def kept():
    return compiled.kept_in.__wrapped__("simulate")


def test_a_change_of_any_kernel_gives_another_folder(home):
    before = kept()
    assert before.parent == home / "simulate" / "__pycache__"
    (home / "simulate" / "two.py").write_text("X = 2\n")
    assert kept() == before
    (home / "simulate" / "one.py").write_text("\n@kernel\ndef f(): return 2\n")
    assert kept() != before


def test_so_does_a_change_of_what_a_kernel_imports(home):
    (home / "simulate" / "one.py").write_text(
        "from tandemplan.simulate import two as t\n\n@kernel\ndef f(): return t.X\n"
    )
    before = kept()
    (home / "simulate" / "two.py").write_text("X = 2\n")
    assert kept() != before


def test_where_the_source_cannot_be_written_the_users_folder_is_taken_or_none(home):
    (home / "simulate" / "__pycache__").write_text("a file in the way")
    assert kept().parent == home / "cache" / "tandemplan"
    (home / "cache" / "tandemplan" / kept().name).rmdir()
    (home / "cache" / "tandemplan").rmdir()
    (home / "cache" / "tandemplan").write_text("a file in the way")
    assert kept() is None


def test_the_folder_of_the_environment_goes_before(home, monkeypatch):
    monkeypatch.setattr(compiled._SETTINGS, "CACHE_DIR", str(home / "mine"))
    assert kept().parent == home / "mine"


def test_numbas_own_folder_stays_as_it_is_for_others():
    from numba import config

    before = config.CACHE_DIR
    compiled.kernel(lambda x: x)
    assert before == config.CACHE_DIR
