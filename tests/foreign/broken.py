"""Files of the folder that are no workbook, or none that is read: each has its own sentence."""

import struct
from collections.abc import Callable

from tests.foreign.books import HEADS, book, with_part, zipped

_HTML = (
    "<html><head><meta charset='utf-8'></head><table><tr><td>Đơn vị</td><td>HI</td></tr></table>"
)
_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def _plain() -> bytes:
    return book([HEADS, ["Xã Ao Sen", 5, 6]])


def _compound(*streams: str) -> bytes:
    """An OLE compound file as far as its directory: what .xls and protected files begin with."""
    entries = b""
    for stream in ("Root Entry", *streams):
        name = stream.encode("utf-16-le")
        entries += (name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2)).ljust(128, b"\0")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries


def _with_macros() -> bytes:
    return zipped({**_parts(), "xl/vbaProject.bin": b"\xcc\x61"})


def _parts() -> dict[str, bytes]:
    return {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def _entities() -> bytes:
    return with_part(
        _plain(),
        "xl/worksheets/sheet1.xml",
        lambda xml: _ENTITIES + xml.replace(b"<v>5</v>", b"<v>&b;</v>"),
    )


def _bomb() -> bytes:
    return zipped({**_parts(), "xl/media/zeros.xml": bytes(3 * 2**20)})


def _opendocument() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": b"<office:document-content/>"})


def _with_chart_sheet_lost() -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}
    return zipped(parts)


FILES: dict[str, Callable[[], bytes]] = {
    "old-format.xls": lambda: _compound("Workbook"),
    "old-format-named.xlsx": lambda: _compound("Book"),
    "web-page.xls": _HTML.encode,
    "web-page-named.xlsx": lambda: ("\ufeff  " + _HTML).encode(),
    "new-format-named.xls": _plain,
    "opendocument.ods": _opendocument,
    "opendocument-named.xlsx": _opendocument,
    "macros.xlsm": _with_macros,
    "macros-named.xlsx": _with_macros,
    "binary.xlsb": lambda: zipped({"xl/workbook.bin": b"\0", "[Content_Types].xml": b"<Types/>"}),
    "password.xlsx": lambda: _compound("EncryptionInfo", "EncryptedPackage"),
    "presentation.xlsx": _with_chart_sheet_lost,
    "cut-off.xlsx": lambda: _plain()[:2000],
    "entities.xlsx": _entities,
    "bomb.xlsx": _bomb,
    "text-named.xlsx": lambda: "Đơn vị\tHI\nXã Ao Sen\t5\n".encode(),
    "workbook-named.csv": _plain,
    "letter.docx": lambda: zipped({"word/document.xml": b"<w/>"}),
    "nothing.xlsx": lambda: b"",
}
