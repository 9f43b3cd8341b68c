"""Every example of the pages that teach is run, and shows what comes; every link leads somewhere."""

import re
from pathlib import Path

import pytest

from .pages import ROOT, Block, Command, Reader, blocks, commands, difference


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


DOCS = ROOT / "docs"
FOLDERS = [DOCS, DOCS / "learn", DOCS / "use", *(ROOT / "examples").glob("*/")]
TAUGHT = [ROOT / "README.md", *sorted(page for folder in FOLDERS for page in folder.glob("*.md"))]
LONG = {
    "docs/learn/incident.md",
    "docs/learn/joint-plant.md",
    "examples/joint_plant/README.md",
}  # plan the worked example: minutes, so one of them is run
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "examples").glob("*/README.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", [p for p in TAUGHT if name(p) not in LONG], ids=name)
def test_the_page_shows_what_comes(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = Reader(tmp_path).follow(page)
    assert not said, "\n".join(said)


@pytest.mark.long
def test_the_pages_of_the_joint_plant_show_what_comes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    said = [s for page in ("joint-plant.md", "incident.md") for s in reader.follow(DOCS / "learn" / page)]
    assert not said, "\n".join(said)


def test_the_example_is_planned_as_on_its_page():
    """So that its README needs no run of its own."""
    [told] = commands(blocks((ROOT / "examples" / "joint_plant" / "README.md").read_text(encoding="utf-8"))[0].text)
    page = (DOCS / "learn" / "joint-plant.md").read_text(encoding="utf-8")
    assert told.words in [c.words for b in blocks(page) if b.language == "console" for c in commands(b.text)]


@pytest.mark.parametrize("page", TAUGHT, ids=name)
def test_examples_are_fenced_so_that_they_are_run(page):
    """An indented block would be shown and never run; a fence says its language."""
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"^ {4}(tandemplan|>>>) ", text, re.MULTILINE)
    assert {b.language for b in blocks(text)} <= {"console", "python", "text", "csv", "toml"}
    assert not re.search(r"^> ", text, re.MULTILINE), "a prompt inside a command breaks what is pasted"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    dead = [t for t in links(page) if not leads_somewhere(page, t)]
    assert dead == []


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [m[1] or m[2] for m in LINK.finditer(text)]


def leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in {slug(h) for h in HEADING.findall(target.read_text(encoding="utf-8"))}


def slug(heading: str) -> str:
    """The anchor that a forge gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_the_reader_tells_what_does_not_come(tmp_path, monkeypatch):
    """A page that lies is found out: in the shell, in a session, in a script."""
    reader = Reader(tmp_path)
    assert reader.type(Command("echo two", "one")).startswith("'echo two' prints\ntwo\n")
    assert reader.type(Command("echo one two", "one ...")) == ""
    assert "ends with 1" in reader.type(Command("false", ""))
    assert "Did you mean" in reader.type(Command("tandemplan check examples/first_step", "no problems"))
    assert len(reader.session(Block("python", ">>> 1 + 1\n3\n", 1), "page:1")) == 1
    assert reader.session(Block("python", "two = 2\n", 1), "page:1") == []
    assert reader.session(Block("python", ">>> two\n2\n>>> three = 3\n", 1), "page:1") == []
    assert reader.session(Block("python", ">>> three\n3\n", 1), "page:1") == []
    assert difference("x", "a\n", "a") == ""


def test_blocks_and_commands_are_found():
    text = "Try\n```console\n$ echo one > a\n$ cat a\none\n```\nand\n```python\n>>> 1\n1\n```\n"
    [shell, session] = blocks(text)
    assert (shell.language, shell.line, session.line) == ("console", 3, 9)
    assert commands(shell.text) == [Command("echo one > a", ""), Command("cat a", "one")]


def test_dead_links_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A page: of `ours`\n[a](page.md) [b](#a-page-of-ours) [c](gone.md) [d](page.md#gone) `[e](f)`\n")
    assert [t for t in links(page) if not leads_somewhere(page, t)] == ["gone.md", "page.md#gone"]


def test_the_glossary_is_in_order_and_says_each_word_once():
    words = re.findall(
        r"^\| \*\*(.+?)\*\* \| .+\. \|$", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    rows = [line for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines() if line.startswith("| **")]
    assert len(words) == len(rows) > 50
    assert words == sorted(set(words), key=lambda w: w.replace("-", " "))


def test_every_page_can_be_reached_from_the_first():
    reached, ahead = set(), [DOCS / "index.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            ahead += [(page.parent / t.partition("#")[0]).resolve() for t in links(page) if ":" not in t]
    assert {p for p in DOCS.rglob("*.md") if p.parent.name != "decisions"} - reached == set()


def test_the_programme_s_word_list_of_statuses_is_whole():
    from tandemplan.results.store import STATUSES

    table = re.findall(r"^\| `(\w+)` \|", (DOCS / "use" / "run.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(table) == STATUSES
