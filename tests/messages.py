"""The Vietnamese catalogue: what the code says, what is translated, and the compiled file.

    make messages        update django.po from the code and compile django.mo

Needs no gettext tools on the machine. New texts arrive untranslated and fail
``tests/test_project.py`` until somebody translates them; texts gone from the code are dropped.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("steering", "districts", "commitments", "reports", "collection")
FOLDER = ROOT / "steering" / "locale" / "vi" / "LC_MESSAGES"

_KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def _sources() -> Iterator[tuple[Path, str, bytes]]:
    """Every file with texts: its path, the language to read it as, its content."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, "python", path.read_bytes()
        for path in sorted((ROOT / package).rglob("templates/**/*")):
            if path.is_file():
                # What is left of a template are calls of gettext between words without meaning,
                # which only the forgiving reader of JavaScript takes.
                text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
                yield path, "javascript", text.encode()


def texts_in_code() -> Catalog:
    """Every text that the code and the templates may show, without translations."""
    catalog = _empty()
    for path, language, content in _sources():
        name = path.relative_to(ROOT).as_posix()
        found = extract(
            language, io.BytesIO(content), _KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
        )
        for line, text, comments, context in found:
            catalog.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def vietnamese() -> Catalog:
    """The catalogue as it is kept; empty if there is none yet."""
    path = FOLDER / "django.po"
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale="vi", abort_invalid=True)


def _empty() -> Catalog:
    beginning = datetime.fromisoformat("2026-01-01T00:00:00+07:00")
    return Catalog(
        locale="vi",
        project="steering",
        version="0.1.0",
        msgid_bugs_address="the project",
        last_translator="the project",
        language_team="Vietnamese",
        creation_date=beginning,
        revision_date=beginning,
        fuzzy=False,
        header_comment="# Vietnamese texts. Update with: make messages",
    )


def entries(catalog: Catalog) -> Iterator[Message]:
    """The entries of a catalogue without its header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> tuple[str | None, str]:
    """What finds a translation: the context and the (singular) source text."""
    return message.context, message.id[0] if message.pluralizable else message.id


def untranslated(catalog: Catalog) -> list[str]:
    """Source texts without a translation, or with one that somebody should still look at."""
    return [
        key(message)[1]
        for message in entries(catalog)
        if message.fuzzy or not message.string or not all(_translations(message))
    ]


def _translations(message: Message) -> tuple[str, ...]:
    return message.string if message.pluralizable else (message.string,)


def garbled(catalog: Catalog) -> list[str]:
    """Source texts whose translation names other placeholders than they do."""
    return [
        key(message)[1]
        for message in entries(catalog)
        for translation in filter(None, _translations(message))
        if set(_PLACEHOLDER.findall(translation)) != set(_PLACEHOLDER.findall(_fullest(message)))
    ]


def _fullest(message: Message) -> str:
    """The source text that Vietnamese, which knows no plural, translates."""
    return message.id[-1] if message.pluralizable else message.id


def compiled(catalog: Catalog) -> bytes:
    """The content of the compiled file."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def update() -> Catalog:
    """Bring the kept catalogue up to the code, keeping translations, and compile it."""
    catalog = vietnamese()
    catalog.update(texts_in_code(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, catalog, width=100, sort_by_file=True, include_lineno=False)
    (FOLDER / "django.mo").write_bytes(compiled(catalog))
    return catalog


if __name__ == "__main__":
    waiting = untranslated(update())
    sys.stdout.write(f"{FOLDER.relative_to(ROOT)}: {len(waiting)} texts to translate.\n")
    for text in waiting:
        sys.stdout.write(f"  {text!r}\n")
