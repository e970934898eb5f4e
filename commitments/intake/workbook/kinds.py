"""What a file is that is no .xlsx, told by its bytes, and what to do about it."""

import struct
from collections.abc import Collection
from typing import NoReturn

from django.utils.translation import gettext as _

from commitments.rules import Refused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LOOKED_AT = 4_096
"""Bytes from the start in which a text says what it is."""
_LEAST_TABBED_LINES = 2


def looks_like_a_workbook(data: bytes) -> bool:
    """Whether a file begins as one of the forms in which tables come, readable or not."""
    return data.startswith((_OLE, _ZIP)) or _is_markup(data) or is_tab_separated(data)


def refuse_other_formats(data: bytes) -> None:
    """Refuse what is no zip archive, told by its first bytes, and say what to do about it."""
    if data.startswith(_OLE):
        _refuse_compound_file(data)
    if data.startswith(_ZIP):
        return
    refuse_markup(data)
    refuse_tabs(data)
    _refuse(
        "not_a_workbook",
        _("The file is not an Excel workbook, whatever its name says. Save it as .xlsx."),
    )


def refuse_other_archives(names: Collection[str]) -> None:
    """Tell what is a zip archive, but no plain workbook, by the names of its parts."""
    if {"content.xml", "mimetype"} <= set(names):
        _refuse(
            "opendocument",
            _("The file is an OpenDocument table (.ods). Save it as .xlsx and resend it."),
        )
    if any(name.endswith("vbaProject.bin") for name in names):
        _refuse(
            "macros",
            _("The workbook holds macros. Save it as .xlsx, without macros, and resend it."),
        )
    if "xl/workbook.bin" in names:
        _refuse(
            "binary_workbook",
            _("The workbook is in the binary .xlsb format. Save it as .xlsx and resend it."),
        )


def refuse_markup(data: bytes) -> None:
    """Refuse a table written as XML or as a web page, under whatever name."""
    if not _is_markup(data):
        return
    start = _start(data)
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        _refuse(
            "spreadsheet_2003",
            _(
                "The file is an “XML Spreadsheet 2003”, whatever its name says. "
                "Open it in Excel, save it as .xlsx and resend it."
            ),
        )
    if "urn:oasis:names:tc:opendocument" in start:
        _refuse(
            "opendocument",
            _("The file is an OpenDocument table (.ods). Save it as .xlsx and resend it."),
        )
    _refuse(
        "html_named_xlsx",
        _(
            "The file is a web page with the name of a workbook. "
            "Open it in Excel, save it as .xlsx and resend it."
        ),
    )


def refuse_tabs(data: bytes) -> None:
    """Refuse a text whose columns are parted by tabs, as “Unicode Text” of Excel is."""
    if is_tab_separated(data):
        _refuse(
            "tab_separated",
            _(
                "The file is a text with tabs between its columns, whatever its name says. "
                "Open it in Excel, save it as .xlsx and resend it."
            ),
        )


def is_tab_separated(data: bytes) -> bool:
    """Whether a file is text of which the first lines hold tabs more often than , or ;."""
    text = _start(data)
    if "\0" in text:
        return False
    lines = [line for line in text.splitlines() if line.strip()][:10]
    tabbed = [line for line in lines if line.count("\t") > max(line.count(","), line.count(";"))]
    return len(tabbed) >= min(_LEAST_TABBED_LINES, max(len(lines), 1))


def _start(data: bytes) -> str:
    encoding = _UTF_16.get(data[:2])
    if encoding is not None:
        return data[2:_LOOKED_AT].decode(encoding, errors="ignore")
    return data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")


def _is_markup(data: bytes) -> bool:
    return _start(data).lstrip()[:1] == "<"


def _directory_entry(name: str) -> bytes:
    """How an OLE compound file lists a stream: 64 bytes of UTF-16 and the length."""
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack("<H", len(text) + 2)


def _refuse_compound_file(data: bytes) -> NoReturn:
    """An OLE compound file: an encrypted workbook, one in the old format, or something else."""
    if _directory_entry("Workbook") in data or _directory_entry("Book") in data:
        _refuse(
            "old_workbook",
            _("The workbook is in the old .xls format. Save it as .xlsx and resend it."),
        )
    if "EncryptedPackage".encode("utf-16-le") in data:
        _refuse(
            "password_protected",
            _("The workbook is protected by a password. Save it without one and resend it."),
        )
    _refuse(
        "not_a_workbook",
        _("The file is not an Excel workbook, or protected. Save it as .xlsx without a password."),
    )


def _refuse(code: str, message: str) -> NoReturn:
    raise Refused.because(code, message)
