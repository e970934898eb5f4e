"""The parts of an .xlsx file: read, changed and packed again, each untouched one as it was."""

import posixpath
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from commitments.intake.workbook.xlsx import part_path
from reports.workbook.archive import dated

from .splicing import (
    Edits,
    as_utf8,
    elements,
)

WORKBOOK = "xl/workbook.xml"
CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class Part:
    """A worksheet of the package: the name people see and the path of its XML."""

    name: str
    path: str


class Package:
    """An .xlsx file that was already found harmless (``commitments.intake.workbook.xlsx``)."""

    def __init__(self, file: bytes):
        with ZipFile(BytesIO(file)) as archive:
            self._parts = {
                part_path(name): archive.read(name) for name in dict.fromkeys(archive.namelist())
            }

    def __contains__(self, path: str) -> bool:
        return path in self._parts

    def xml(self, path: str) -> bytes:
        """A part as UTF-8."""
        return as_utf8(self._parts[path])

    def put(self, path: str, content: bytes | str) -> None:
        self._parts[path] = content.encode() if isinstance(content, str) else content

    def packed(self) -> bytes:
        """The file; parts keep their order, with a fixed date."""
        made = BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED) as archive:
            for path, content in self._parts.items():
                archive.writestr(dated(path), content)
        return made.getvalue()

    def sheets(self) -> list[Part]:
        """The sheets in the order of their tabs."""
        targets = self.relations(WORKBOOK)
        found = []
        for element in elements(self.xml(WORKBOOK), "sheet"):
            key = next((v for k, v in element.attributes.items() if k.endswith(":id")), "")
            if key in targets:
                found.append(Part(element.attributes["name"], targets[key][1]))
        return found

    # --- relations and content types -------------------------------------------------------------

    def relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Kind and target of each relation of a part, by its key."""
        beside = _relations_of(path)
        if beside not in self._parts:
            return {}
        return {
            one.attributes["Id"]: (
                one.attributes["Type"].rpartition("/")[2],
                _resolved(path, one.attributes["Target"]),
            )
            for one in elements(self.xml(beside), "Relationship")
        }

    def relate(self, path: str, kind: str, target: str) -> str:
        """Relate a part to another, by its path from the root; returns the key."""
        beside = _relations_of(path)
        known = self.relations(path)
        for key, relation in known.items():
            if relation == (kind, target):
                return key
        key = f"rIdKQ{len(known) + 1}"
        said = f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="/{target}"/>'
        if beside in self._parts:
            xml = self.xml(beside)
            root = elements(xml, "Relationships")[0]
            edits = Edits(xml)
            edits.add_to(root, said.replace("<", f"<{root.prefix}", 1))
            self.put(beside, edits.done())
        else:
            self.put(beside, f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{said}</Relationships>')
        return key

    def declare(self, *, path: str = "", ending: str = "", content_type: str) -> None:
        """Say of what type a part is, or all parts of an ending."""
        xml = self.xml(CONTENT_TYPES)
        name, value = ("PartName", f"/{path}") if path else ("Extension", ending)
        tag = "Override" if path else "Default"
        if any(one.attributes.get(name) == value for one in elements(xml, tag)):
            return
        root = elements(xml, "Types")[0]
        edits = Edits(xml)
        edits.add_to(root, f'<{root.prefix}{tag} {name}="{value}" ContentType="{content_type}"/>')
        self.put(CONTENT_TYPES, edits.done())


def _relations_of(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(path: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
