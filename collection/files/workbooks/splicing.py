"""Changing XML in place: every byte that is not changed on purpose stays as it was.

Libraries that load a workbook and save it again drop what they do not know: charts, pictures,
calculated values. Here elements are found by their position in the bytes, and only those are cut.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from reports.workbook.sheet import without_controls

_TAG = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?encoding=["']([\w.-]+)["'][^>]*?\?>""")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


@dataclass
class Element:
    """Where an element stands: its bytes are ``start:end``, its start tag ends at ``inside``."""

    name: str
    prefix: str
    attributes: Mapping[str, str]
    depth: int
    start: int
    inside: int
    end: int

    @property
    def is_empty(self) -> bool:
        return self.inside == self.end

    @property
    def last(self) -> int:
        """Where something would be inserted as its last child; only where it is not empty."""
        return self.end - len(f"</{self.prefix}{self.name}>")


def elements(xml: bytes, *names: str) -> list[Element]:
    """The elements of some names, in document order, with their places. UTF-8 is expected.

    Raises ValueError for what is no XML, or declares a document type.
    """
    found: list[Element] = []
    open_elements: list[Element | None] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        prefix, colon, name = tag.rpartition(":")
        element = None
        if not names or name in names:
            at = parser.CurrentByteIndex
            inside = _TAG.match(xml, at).end()
            depth = len(open_elements)
            element = Element(name, prefix + colon, attributes, depth, at, inside, inside)
            found.append(element)
        open_elements.append(element)

    def end(_tag: str) -> None:
        element = open_elements.pop()
        if element is not None and xml[element.inside - 2 : element.inside] != b"/>":
            element.end = xml.index(b">", parser.CurrentByteIndex) + 1

    def refuse(*_declaration) -> NoReturn:
        raise ValueError("a document type in a workbook")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return found


def as_utf8(xml: bytes) -> bytes:
    """The same document in UTF-8, whatever it was written in."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = xml.decode("utf-16")
        return _DECLARATION + re.sub(r"\A\s*<\?xml.*?\?>", "", text).encode()
    xml = xml.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(xml)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        body = xml[declared.end() :].decode(declared[1].decode())
        return _DECLARATION + body.encode()
    return xml


class Edits:
    """Replacements in one document, made together so that no place moves meanwhile."""

    def __init__(self, xml: bytes):
        self._xml = xml
        self._edits: list[tuple[int, int, bytes]] = []

    def insert(self, at: int, text: str) -> None:
        self.replace(at, at, text)

    def replace(self, start: int, end: int, text: str) -> None:
        self._edits.append((start, end, text.encode()))

    def add_to(self, element: Element, text: str) -> None:
        """Put ``text`` at the end of an element, opening one that is empty."""
        if not element.is_empty:
            self.insert(element.last, text)
            return
        tag = self._xml[element.start : element.end].decode()
        closing = f"</{element.prefix}{element.name}>"
        self.replace(element.start, element.end, tag[:-2].rstrip() + f">{text}{closing}")

    def set(self, element: Element, **attributes: str | None) -> None:
        """Give an element attributes; None takes one away."""
        tag = self._xml[element.start : element.inside].decode()
        self.replace(element.start, element.inside, with_attributes(tag, **attributes))

    def done(self) -> bytes:
        made, position = [], 0
        # Several insertions at one place keep the order they were asked for.
        for start, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            made += [self._xml[position:start], text]
            position = end
        return b"".join([*made, self._xml[position:]])


def with_attributes(tag: str, **attributes: str | None) -> str:
    """A start tag with attributes set, or taken away where the value is None."""
    for name, value in attributes.items():
        tag = re.sub(rf"""\s{name}=("[^"]*"|'[^']*')""", "", tag)
        if value is not None:
            end = -2 if tag.endswith("/>") else -1
            tag = f"{tag[:end].rstrip()} {name}={quoteattr(value)}{tag[end:]}"
    return tag


def text(words: str) -> str:
    """Words as the content of an element."""
    return escape(without_controls(words))


def children(found: list[Element], of: Element) -> Iterator[Element]:
    """The elements of ``found`` that stand directly inside ``of``."""
    for element in found:
        if element.depth == of.depth + 1 and of.start < element.start < of.end:
            yield element
