"""Files gone wrong in ways nobody thought of: they are read or refused, and never half written."""

import re
import zlib
from io import BytesIO
from pathlib import PurePath
from zipfile import ZipFile

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from collection.files.intake.templates import (
    is_template,
    read_template,
)
from collection.files.workbooks.annotated import (
    Problem,
    annotate,
)
from commitments.actions.reporting.counts import record_counts
from commitments.intake.counts import read_counts
from commitments.intake.files import open_file
from commitments.intake.reading import Reading
from commitments.intake.workbook.cells import Place
from commitments.models import Count, Submission
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from tests.foreign.books import zipped
from tests.foreign.forms import SECRET
from tests.foreign.make import FILES
from tests.pages.reported import TODAY

FEBRUARY = Month.of(2024, 2)
BASES = [
    "template.xlsx", "template-of-a-district.xlsx", "template-annotated_CHU-THICH.xlsx",
    "matrix-heads-over-four-rows.xlsx", "matrix-groups-and-totals.xlsx", "tidy.xlsx",
    "formulas-with-values.xlsx", "semicolon.csv",
]  # fmt: skip
NASTY = [
    "", "0", "-1", "1", "99999999999999999999", "1e400", "NaN", "A0", "ZZZZ9", "C-1", "XFD1048576",
    "XFD1048577", "A1:B2:C3", "s", "n", "b", "e", "str", "inlineStr", "d", "hidden", "../../x",
    "_khoa", "Kết quả", "&#1;", "&e;", "\u0000", "\ud7ff", "2024-02", "[]", "=1+1", "true",
]  # fmt: skip
_VALUE = re.compile(rb'="[^"]*"|>[^<>]+<')
_TYPE = re.compile(rb' t="\w*"')


# --- mutations -----------------------------------------------------------------------------------


def _flip(file: bytes, flips: list[tuple[int, int]]) -> bytes:
    changed = bytearray(file)
    for at, mask in flips:
        if changed:
            changed[at % len(changed)] ^= mask
    return bytes(changed)


def _cut(file: bytes, at: int) -> bytes:
    return file[: at % (len(file) + 1)]


def _parts(file: bytes) -> list[tuple[str, bytes]]:
    with ZipFile(BytesIO(file)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _archived(parts: list[tuple[str, bytes]]) -> bytes:
    """An archive that may name a part more than once."""
    names = [name for name, _content in parts]
    if len(set(names)) == len(names):
        return zipped(dict(parts))
    file = BytesIO()
    with ZipFile(file, "w") as target, pytest.warns(UserWarning, match="Duplicate"):
        for name, content in parts:
            target.writestr(name, content)
    return file.getvalue()


def _archive_mutation(file: bytes, kind: str, one: int, other: int, text: str) -> bytes:
    parts = _parts(file)
    at, beside = one % len(parts), other % len(parts)
    name, content = parts[at]
    if kind == "remove":
        del parts[at]
    elif kind == "duplicate":
        parts.append((name, parts[beside][1]))
    elif kind == "rename":
        parts[at] = (parts[beside][0] if other % 2 else text or "x", content)
    elif kind == "swap":
        parts[at], parts[beside] = (name, parts[beside][1]), (parts[beside][0], content)
    elif kind == "bits":
        parts[at] = name, _flip(content, [(other, 1 + other % 255)])
    elif kind == "empty":
        parts[at] = name, b""
    elif kind == "value":
        parts[at] = name, _replaced(content, _VALUE, other, text)
    elif kind == "type":
        cells = [index for index, (name, _xml) in enumerate(parts) if "worksheets/" in name]
        at = cells[one % len(cells)]
        value = f' t="{text}"'.encode(errors="replace")
        parts[at] = parts[at][0], _splice(parts[at][1], _TYPE, other, value)
    return _archived(parts)


def _replaced(content: bytes, pattern: re.Pattern, which: int, text: str) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return content
    hit = found[which % len(found)].group()
    value = text.encode(errors="replace")
    return _splice(
        content, pattern, which, hit[:2] + value + b'"' if hit[:1] == b"=" else b">" + value + b"<"
    )


def _splice(content: bytes, pattern: re.Pattern, which: int, value: bytes) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return content
    hit = found[which % len(found)]
    return content[: hit.start()] + value + content[hit.end() :]


numbers = st.integers(0, 2**24)
flips = st.tuples(
    st.just("flip"), st.lists(st.tuples(numbers, st.integers(1, 255)), min_size=1, max_size=8)
)
cuts = st.tuples(st.just("cut"), numbers)
KINDS = ("remove", "duplicate", "rename", "swap", "empty", "bits", "value", "type")
kinds = st.sampled_from(KINDS)
texts = st.sampled_from(NASTY) | st.text(max_size=20)
archives = st.tuples(st.just("archive"), kinds, numbers, numbers, texts)
mutations = st.lists(st.one_of(flips, cuts, archives, archives, archives), min_size=1, max_size=3)


def mutated(file: bytes, steps: list[tuple]) -> bytes:
    """The file after each mutation in turn; one that is no archive any more is only flipped."""
    for kind, *how in steps:
        if kind == "flip":
            file = _flip(file, *how)
        elif kind == "cut":
            file = _cut(file, *how)
        else:
            try:
                file = _archive_mutation(file, *how)
            except Exception:  # the archive is broken already, by an earlier step
                file = _flip(file, [(how[1], 255)])
    return file


# --- what becomes of them ------------------------------------------------------------------------


def read(path) -> Reading:
    book = open_file(path)
    return (
        read_template(book).reading
        if is_template(book)
        else read_counts(book, month=FEBRUARY, on=TODAY)
    )


def examine(path, name: str, file: bytes) -> set[str]:
    """Read, record and annotate a file, all or nothing; says how each of the two ended."""
    path = path / name
    path.write_bytes(file)
    try:
        reading = read(path)
        if reading.faults:
            raise Refused(reading.faults)
        record_counts(entries=reading.entries, actor=COMMAND_LINE, on=TODAY)
        assert Count.objects.count() == len(reading.entries)
        ended = {"recorded"}
    except Refused as refused:
        assert all(fault.message for fault in refused.faults)
        assert not Count.objects.exists()
        assert not Submission.objects.exists()
        ended = {"refused"}
    try:
        made = annotate(file, name=name, problems=[Problem(Place("Biểu 1", 2, "B"), "x")])
        assert made.startswith(b"PK")
        return ended | {"annotated"}
    except Refused as refused:
        assert refused.faults[0].message
        return ended | {"not annotated"}


@pytest.fixture
def world(communes, catalogue, settings):
    settings.SECRET_KEY = SECRET


def _run(path, name: str, steps: list[tuple]) -> set[str]:
    with transaction.atomic():
        ended = examine(path, PurePath(name).name, mutated((FILES / name).read_bytes(), steps))
        transaction.set_rollback(True)
    return ended


@settings(max_examples=50)
@given(name=st.sampled_from(BASES), steps=mutations)
def test_a_mutated_file_is_read_or_refused_and_never_half_written(world, tmp_path, name, steps):
    assert len(_run(tmp_path, name, steps)) == 2


@pytest.mark.slow
@settings(max_examples=3000)
@given(name=st.sampled_from(BASES), steps=mutations)
def test_thousands_of_mutated_files_are_read_or_refused(world, tmp_path, name, steps):
    assert len(_run(tmp_path, name, steps)) == 2


def test_mutations_do_change_files():
    file = (FILES / "tidy.xlsx").read_bytes()
    for kind in KINDS:
        assert zlib.crc32(mutated(file, [("archive", kind, 5, 8, "zzz")])) != zlib.crc32(file)
