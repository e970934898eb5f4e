"""The XML of a workbook, read without believing it: no document types, so nothing expands."""

from collections.abc import Iterator
from typing import Any, NoReturn
from xml.parsers import expat


def parser() -> Any:
    """An XML parser that refuses document types. Its handlers get names with prefixes."""
    made = expat.ParserCreate()

    def refuse(*_declaration) -> NoReturn:
        raise ValueError("a document type in a workbook")

    made.StartDoctypeDeclHandler = refuse
    made.buffer_text = True
    return made


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]


def elements(xml: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Each element's name without prefix, and its attributes, in document order."""
    found: list[tuple[str, dict[str, str]]] = []
    made = parser()
    made.StartElementHandler = lambda tag, attributes: found.append((local(tag), attributes))
    made.Parse(xml, True)
    return iter(found)
