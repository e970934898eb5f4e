"""The empty file that every Word document begins as: python-docx's own, with all of it taken out.

Its template is Letter paper in English, with 164 styles, theme fonts that win over named ones, a
thumbnail and dates of 2013. Here: Vietnamese, one family, no space between paragraphs.
"""

import io
from datetime import datetime
from functools import cache
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document as open_document
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.documents.setting.fonts import FAMILY

_KEPT_STYLES = {
    "Normal",
    "Default Paragraph Font",
    "Normal Table",
    "No List",
    "header",
    "footer",
    "Table Grid",
}
_DROPPED = ("/thumbnail", "/stylesWithEffects", "/customXml")
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"><Application>Microsoft Office Word</Application></Properties>'
)
FONTS = "".join(f' w:{script}="{FAMILY}"' for script in ("ascii", "hAnsi", "cs", "eastAsia"))


def blank() -> Document:
    """A new empty document."""
    return open_document(io.BytesIO(_blank()))


@cache
def _blank() -> bytes:
    document = open_document()
    _defaults(document)
    _styles(document)
    for package in (document.part.package, document.part):
        for key, relation in list(package.rels.items()):
            if relation.reltype.endswith(_DROPPED):
                del package.rels[key]
            elif relation.reltype.endswith("/extended-properties"):
                relation.target_part._blob = _APP
    settings = document.settings.element
    for found in settings.findall(qn("w:themeFontLang")):
        settings.remove(found)
    language = parse_xml(f'<w:themeFontLang {nsdecls("w")} w:val="vi-VN"/>')
    after = settings.find(qn("w:rsids"))
    after.addnext(language) if after is not None else settings.append(language)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _defaults(document: Document) -> None:
    """One family in all four scripts, Vietnamese, 13 points, nothing between paragraphs."""
    found = document.styles.element.find(qn("w:docDefaults"))
    fresh = parse_xml(
        f"<w:docDefaults {nsdecls('w')}>"
        f"<w:rPrDefault><w:rPr><w:rFonts{FONTS}/>"
        '<w:sz w:val="26"/><w:szCs w:val="26"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr>"
        '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    found.getparent().replace(found, fresh)


def _styles(document: Document) -> None:
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")) not in _KEPT_STYLES:
            styles.remove(style)
            continue
        for fonts in style.iter(qn("w:rFonts")):
            fonts.getparent().remove(fonts)
        for link in style.findall(qn("w:link")):
            style.remove(link)


def saved(document: Document, *, title: str, author: str, language: str, dated: datetime) -> bytes:
    """The file with its properties set, the same bytes for the same content."""
    told = document.core_properties
    told.title, told.author, told.language = title, author, language
    told.created = told.modified = dated.replace(microsecond=0)
    told.comments = told.last_modified_by = told.keywords = told.subject = ""
    told.revision = 1
    file = io.BytesIO()
    document.save(file)
    return _without_clock(file.getvalue())


def _without_clock(content: bytes) -> bytes:
    """The same archive with no day of its own in it."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as read, ZipFile(file, "w") as written:
        for entry in read.infolist():
            fixed = ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type, fixed.create_system = ZIP_DEFLATED, 0
            fixed.external_attr = 0
            written.writestr(fixed, read.read(entry))
    return file.getvalue()
