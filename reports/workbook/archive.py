"""The bytes of a workbook: the same workbook gives the same bytes on one environment."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.packaging.extended import ExtendedProperties
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_APP
from openpyxl.xml.functions import SubElement, fromstring, tostring


def packed(workbook: Workbook, *, company: str) -> bytes:
    """The file, its parts in a fixed order with a fixed date; ``company`` is who it comes from."""
    file = BytesIO()
    # The library's own ``save`` would stamp the present time.
    ExcelWriter(workbook, _Archive(file, company=company)).save()
    return file.getvalue()


def dated(name: str) -> ZipInfo:
    """The directory entry of a part, of the same day in every file."""
    info = ZipInfo(str(name), (1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


_DRAWINGS = re.compile(r"xl/drawings/drawing\d+\.xml")
_SHEET_RELATIONS = re.compile(r"xl/worksheets/_rels/sheet\d+\.xml\.rels")


class _Archive(ZipFile):
    """A zip whose parts carry a fixed date, and whose application part names the agency."""

    def __init__(self, file: BytesIO, *, company: str):
        super().__init__(file, "w", ZIP_DEFLATED)
        self._company = company

    def writestr(self, name, data, *args, **kwargs):
        if name == ARC_APP:
            tree = ExtendedProperties().to_tree()
            SubElement(tree, "Company").text = self._company
            data = tostring(tree)
        elif _DRAWINGS.fullmatch(name):
            # Read and written again, its elements have the prefix ``xdr:``. The library writes
            # them without any, which means the same, but ExcelJS looks for the letters.
            data = tostring(fromstring(data))
        elif _SHEET_RELATIONS.fullmatch(name):
            # Targets from the sheet instead of from the root: ExcelJS finds a table by that only.
            data = data.replace(b'Target="/xl/', b'Target="../')
        super().writestr(dated(name), data, *args, **kwargs)

    def write(self, filename, arcname=None, *args, **kwargs):
        super().writestr(dated(arcname), Path(filename).read_bytes())
