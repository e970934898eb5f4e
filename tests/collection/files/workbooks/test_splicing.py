"""Cutting into XML: where elements stand, whatever their prefix, quotes and encoding."""

import pytest

from collection.files.workbooks.splicing import (
    Edits,
    as_utf8,
    elements,
    with_attributes,
)


def test_elements_know_their_place_in_the_bytes():
    xml = '<?xml version="1.0"?><a>ế<b x="1>2"/><!-- <b/> --><b>t</b></a>'.encode()
    empty, full = elements(xml, "b")
    assert xml[empty.start : empty.end] == b'<b x="1>2"/>'
    assert (empty.is_empty, full.is_empty) == (True, False)
    assert xml[full.inside : full.last] == b"t"


def test_a_prefix_is_kept_apart_from_the_name():
    (found,) = elements(b'<x:a xmlns:x="u"><x:b></x:b></x:a>', "b")
    assert (found.prefix, found.name, found.depth) == ("x:", "b", 1)


@pytest.mark.parametrize("xml", [b"<a>", b"no", b'<!DOCTYPE a [<!ENTITY e "x">]><a/>'])
def test_what_is_no_plain_xml_is_refused(xml):
    with pytest.raises(ValueError):
        elements(xml)


def test_edits_are_made_together():
    xml = b"<a><b/><c>1</c></a>"
    b, c = elements(xml, "b", "c")
    edits = Edits(xml)
    edits.add_to(b, "x")
    edits.add_to(c, "<d/>")
    edits.set(c, s="5")
    assert edits.done() == b'<a><b>x</b><c s="5">1<d/></c></a>'


def test_an_attribute_is_set_replaced_or_taken_away():
    assert with_attributes("<c r='A1' s=\"2\"/>", s="5", r=None) == '<c s="5"/>'
    assert with_attributes("<c t='s'>", s='"') == "<c t='s' s='\"'>"


def test_other_encodings_become_utf8():
    text = '<?xml version="1.0" encoding="UTF-16"?><a>ế</a>'
    assert as_utf8(text.encode("utf-16")).decode().endswith("<a>ế</a>")
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1")
    assert as_utf8(latin).endswith("<a>é</a>".encode())
    assert as_utf8(b"<a/>") == b"<a/>"
