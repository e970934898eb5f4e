"""The annotated copy of a file handed in, opened and saved by LibreOffice and handed in again."""

from datetime import date

import pytest

from collection.actions import uploads
from collection.files.annotating import annotated_copy
from collection.models import Upload
from steering.accounts.models import User
from tests.collection.forms import filled, issued

pytestmark = pytest.mark.office
TODAY = date(2024, 3, 2)


def handed_in(file: bytes, name: str, actor: User) -> Upload:
    upload = uploads.receive(name=name, data=file, actor=actor, on=TODAY)
    uploads.go_on(upload=upload, actor=actor, on=TODAY)
    return upload


def test_an_annotated_copy_saved_by_libreoffice_is_read_again(
    communes, catalogue, commune_officer, office, tmp_path
):
    file = filled(issued(communes[0]), {"C6": "nhiều", "C7": 2, "C8": 3})
    first = handed_in(file, "BC-XA.xlsx", commune_officer)
    assert (first.found["right"], first.found["kept"]) == (2, 1)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(filled(annotated_copy(first), {"C6": 120}, sheet="Nhập"))
    again = handed_in(office(path, "xlsx").read_bytes(), "BC-XA.xlsx", commune_officer)
    assert (again.state, again.found["right"], again.found["doubts"]) == ("checked", 3, [])
