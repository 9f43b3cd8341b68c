"""frePPLe's XML as things: objects made or updated wherever they are named, as often as they are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from tandemplan.interop.frepple.shapes import IDLE, KEYS, LISTS, NAMED, REFS, TOP, Thing
from tandemplan.problems import Problem, appearance


@dataclass
class Node:
    """An element of the file: fields are its attributes and its children alike."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text of the element."""
        return "".join(self.words).strip()

    def value(self, name: str) -> str:
        """Return an attribute, or the text of the first child of that name, or nothing."""
        if name in self.attributes:
            return self.attributes[name].strip()
        return next((c.text for c in self.children if c.tag == name), "")


class Book:
    """All things of a file, by kind and name, in the order in which they appeared, with the problems met."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.things: dict[str, dict[str, Thing]] = {kind: {} for kind in REFS}
        self.settings: dict[str, tuple[str, int]] = {}
        self.problems: list[Problem] = []
        self.names: dict[tuple[str, str], str] = {}  # of a kind, as written: as tables hold it
        self.looks: dict[tuple[str, str], int] = {}
        self._said: set[tuple[str, str]] = set()

    def say(self, line: int | None, code: str, message: str, hint: str = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(self.source, line, code, message, hint))

    def once(self, about: tuple[str, str], line: int, message: str, hint: str = "") -> None:
        """Add a problem that is said once for all things that it is about."""
        if about not in self._said:
            self._said.add(about)
            self.say(line, "not-imported", message, hint)

    def all(self, kind: str) -> list[Thing]:
        """Return the things of a kind, in the order in which they appeared."""
        return list(self.things[kind].values())


def parsed(text: bytes) -> Node:
    """Return the root element of an XML text; raises ExpatError, and ValueError for a text with declarations of its own."""
    root = Node("", 0, {})
    stack = [root]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag.rpartition(":")[2], parser.CurrentLineNumber, attributes)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_tag: str) -> None:
        stack.pop()

    def words(data: str) -> None:
        stack[-1].words.append(data)

    def doctype(*_args: Any) -> None:
        raise ValueError("it declares entities of its own")

    def code(target: str, _data: str) -> None:
        root.children.append(Node(f"?{target}", parser.CurrentLineNumber, {}))

    parser.ProcessingInstructionHandler = code
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = words, doctype
    parser.Parse(text, True)
    top = next(c for c in root.children if not c.tag.startswith("?"))
    top.children += [c for c in root.children if c.tag.startswith("?")]
    return top


def read_book(source: str, root: Node) -> Book:
    """Return the things of a file."""
    book = Book(source)
    for node in root.children:
        kind = TOP.get(node.tag)
        if node.tag.startswith("?"):
            book.say(node.line, "not-imported", f"code of {node.tag[1:]} is in the file: it is not run.")
            continue
        if kind is None:
            if node.children and node.tag not in IDLE:
                book.once(("plan", node.tag), node.line, f"<{node.tag}> is not known.")
            else:
                book.settings[node.tag] = (node.text, node.line)
            continue
        for child in node.children:
            _thing(book, kind, child, {})
    return book


PROPERTIES = ("global_purchase",)  # fields that frePPLe's models say as properties


def _thing(book: Book, kind: str, node: Node, given: dict[str, Any]) -> Thing:
    """Make or update the thing that an element says; `given` are fields that its place says."""
    fields = {**given, **dict(_fields(book, kind, node, given))}
    before = len(book.things[kind])
    thing = _place(book, kind, node, fields)
    new = len(book.things[kind]) > before
    if node.attributes.get("action", node.value("action") or "AC") == "R":
        book.things[kind] = {k: t for k, t in book.things[kind].items() if t is not thing}
        return thing
    said = node.attributes.get("xsi:type") or node.value("type")
    fields.pop("type", None)
    if said and "type" not in thing.fields and (new or kind != "resource"):  # a resource is what its first block says
        fields["type"] = said
    thing.fields.update(fields)
    for child in node.children:
        inner = LISTS.get(kind, {}).get(child.tag)
        if inner is not None:
            for entry in child.children:
                _thing(book, inner[0], entry, {inner[1]: thing})
    return thing


def _fields(book: Book, kind: str, node: Node, given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields that attributes and children say: texts, and other things."""
    refs = REFS[kind]
    for name, text in node.attributes.items():
        if ":" in name or name.startswith("xmlns"):
            continue
        yield name, _named(book, refs[name], text, node.line) if name in refs else text.strip()
    for child in node.children:
        if child.tag in LISTS.get(kind, {}) and (child.children or child.tag not in refs):
            continue
        if child.tag in refs:
            if child.value("name") or child.value("reference") or child.text:
                yield child.tag, _thing(book, refs[child.tag], child, {})
        elif child.tag.endswith("property"):
            if child.value("name") in PROPERTIES:  # others mean something to their users alone
                yield child.value("name"), child.value("value") or child.text
        elif child.tag not in given:
            yield child.tag, child.text


def _named(book: Book, kind: str, name: str, line: int) -> Thing:
    """Return the thing of a name: the one there is, or a new one, under a name that tables can hold."""
    if (kind, name) not in book.names:
        plain = re.sub(r"[;|\x00-\x1f\x7f]", ",", name.strip())
        look = (kind, appearance(plain))
        book.looks[look] = book.looks.get(look, 0) + 1
        if book.looks[look] > 1:
            plain = f"{plain} ({book.looks[look]})"
            book.say(line, "not-imported", f"{kind} '{name}' looks like another: it is called '{plain}'.")
        book.names[kind, name] = plain
    plain = book.names[kind, name]
    return book.things[kind].setdefault(plain, Thing(kind, plain, line))


def _place(book: Book, kind: str, node: Node, fields: dict[str, Any]) -> Thing:
    """Return the thing that fields are about: the one there is, or a new one."""
    if kind in NAMED:
        name = fields.get("name") or node.text
        if not name and kind == "buffer":
            name = buffer_name(fields)
        return _named(book, kind, str(name), node.line)
    if kind == "operationplan":
        name = fields.get("reference") or fields.get("id") or f"order {len(book.things[kind]) + 1}"
        fields["reference"] = name
    else:
        keys = (str(getattr(fields.get(k), "name", fields.get(k, ""))) for k in KEYS.get(kind, ()))
        named_ = "\x1f".join(keys)
        name = named_ if kind in KEYS else f"{len(book.things[kind])}"
        if kind == "flow" and node.attributes.get("xsi:type"):
            name += node.attributes["xsi:type"]
    return book.things[kind].setdefault(name, Thing(kind, name, node.line))


def buffer_name(fields: dict[str, Any]) -> str:
    """Return the name that frePPLe gives to the buffer of an item at a location."""
    item, location = fields.get("item"), fields.get("location")
    return f"{getattr(item, 'name', item or '')} @ {getattr(location, 'name', location or '')}"
