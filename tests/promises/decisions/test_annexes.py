"""The annex of a decision: handed in through four steps, and taken along again."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from collection.actions.accepting import Choice, accept
from collection.models import Upload
from commitments.actions.reporting.periods import close_period
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.intake.targets import import_targets
from commitments.models import Decision, Target
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

TODAY = date(2024, 3, 1)
UNITS = ("99", "901", "902", "99001", "99002")


@pytest.fixture
def signed_in(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def decide(province, catalogue):
    def decide(values=(), number="148/QĐ-UBND", **more) -> Decision:
        return record_decision(
            unit=more.pop("unit", province),
            authority="ppc",
            number=number,
            year=2024,
            issued_on=date(2024, 1, 26),
            targets=[
                NewTarget(
                    builders.by_code(unit).pk, catalogue[code].pk, value, Month.of(2024, 12), sign
                )
                for unit, code, value, sign in values
            ],
            actor=COMMAND_LINE,
            on=TODAY,
            **more,
        ).decision

    return decide


def sheet(*rows, heads=("Đơn vị", "Chỉ tiêu HI"), title="Phụ lục giao chỉ tiêu năm 2024") -> bytes:
    book = Workbook()
    book.active.append([title])
    for row in (heads, *rows):
        book.active.append(list(row))
    return saved(book)


def saved(book) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def hand_in(client, decision, content, name="phu-luc.xlsx") -> Upload:
    file = SimpleUploadedFile(name, content)
    answer = client.post(reverse("promises:annex", args=[decision.pk]), {"file": file})
    assert answer.status_code == 302, answer.context["refused"]
    return Upload.objects.latest("pk")


ROWS = [("Tỉnh Suối Trong", 100), ("Huyện Đồi Thông", 60), ("Huyện Bến Đá", 40)]


class TestHandingIn:
    def test_from_the_file_to_the_targets(self, signed_in, officer, decide):
        client, decision = signed_in(officer), decide()
        upload = hand_in(client, decision, sheet(*ROWS))
        assert (upload.state, upload.decision) == ("checked", decision)
        page = client.get(reverse("collection:uploaded", args=[upload.pk])).content.decode()
        assert "148/QĐ-UBND" in page
        accept_at = reverse("collection:accept_upload", args=[upload.pk])
        assert client.post(accept_at, {"choice": "everything"}).status_code == 302
        told = Target.objects.order_by("-value").values_list("unit__code", "value")
        assert list(told) == [("99", 100), ("901", 60), ("902", 40)]
        upload.refresh_from_db()
        assert (upload.state, upload.outcome["created"]) == ("accepted", 3)
        entry = JournalEntry.objects.get(action="upload.accepted")
        assert entry.after["decision"] == "148/QĐ-UBND"
        page = client.get(reverse("collection:uploaded", args=[upload.pk]))
        assert page.status_code == 200
        assert client.get(reverse("collection:annotated", args=[upload.pk])).status_code == 200

    def test_nothing_is_written_before_it_is_accepted(self, signed_in, officer, decide):
        hand_in(signed_in(officer), decide(), sheet(*ROWS))
        assert not Target.objects.exists()

    def test_the_same_file_is_taken_once_for_each_decision(self, signed_in, officer, decide):
        client, decision = signed_in(officer), decide()
        upload = hand_in(client, decision, sheet(*ROWS))
        accept(upload=upload, choice=Choice.EVERYTHING, actor=officer, on=TODAY, at=upload.at)
        with upload.file.open("rb") as kept:
            content = kept.read()
        file = SimpleUploadedFile("again.xlsx", content)
        answer = client.post(reverse("promises:annex", args=[decision.pk]), {"file": file})
        assert answer.status_code == 422
        hand_in(client, decide(number="149/QĐ-UBND"), content)

    def test_columns_that_nobody_names_are_asked_about(self, signed_in, officer, decide):
        client, decision = signed_in(officer), decide()
        content = sheet(
            ("Huyện Đồi Thông", 60, 7), ("Huyện Bến Đá", 40, 8),
            heads=("Đơn vị", "Chỉ tiêu HI", "Kế hoạch tự nguyện"),
        )  # fmt: skip
        upload = hand_in(client, decision, content)
        assert upload.state == "recognised"
        address = reverse("collection:uploaded", args=[upload.pk])
        (undecided,) = upload.found["undecided"]
        assert client.get(address).status_code == 200
        client.post(address, {"do": "map", f"column-{undecided}": "SI_V"})
        upload.refresh_from_db()
        assert (upload.state, upload.found["right"]) == ("checked", 4)

    def test_sums_that_are_off_want_a_reason_and_wrong_cells_a_correction(
        self, signed_in, officer, decide
    ):
        client, decision = signed_in(officer), decide()
        rows = [("Tỉnh Suối Trong", 103), ("Huyện Đồi Thông", 60), ("Huyện Bến Đá", "4O")]
        upload = hand_in(client, decision, sheet(*rows))
        address = reverse("collection:uploaded", args=[upload.pk])
        accept_at = reverse("collection:accept_upload", args=[upload.pk])
        (wrong,) = [one for one in upload.found["doubts"] if one["kind"] == "wrong"]
        cell = f"{wrong['sheet']}!{wrong['column']}{wrong['row']}"
        assert client.post(accept_at, {"choice": "everything"}).status_code == 422
        client.post(address, {"do": "correct", f"cell-{cell}": "40", f"was-{cell}": "4O"})
        upload.refresh_from_db()
        (asked,) = [one for one in upload.found["doubts"] if one["kind"] == "question"]
        assert client.post(accept_at, {"choice": "everything"}).status_code == 422
        answer = {"do": "correct", f"reason-{asked['question']}": "Phần do tỉnh quản lý"}
        client.post(address, answer)
        assert client.post(accept_at, {"choice": "everything"}).status_code == 302
        assert sorted(Target.objects.values_list("value", flat=True)) == [40, 60, 103]
        assert (
            "Phần do tỉnh quản lý"
            in JournalEntry.objects.get(action="decision.recorded", after__targets=3).why
        )

    def test_what_differs_from_what_was_assigned_is_refused(self, signed_in, officer, decide):
        decision = decide([("901", "HI", 61, "at_least")])
        upload = hand_in(signed_in(officer), decision, sheet(*ROWS))
        codes = {one["code"] for one in upload.found["doubts"] if one["kind"] == "wrong"}
        assert codes == {"target_differs"}

    def test_closed_months_want_a_reason(self, signed_in, officer, decide, province):
        client, first = signed_in(officer), decide([("99", "HI", 100, "at_least")])
        close_period(unit=province, month=Month.of(2024, 2), actor=COMMAND_LINE, on=TODAY, why="")
        amendment = decide(number="200/QĐ-UBND", amends=first)
        upload = hand_in(client, amendment, sheet(("Tỉnh Suối Trong", 90)))
        assert upload.found["closed"] == ["2024-02"]
        accept_at = reverse("collection:accept_upload", args=[upload.pk])
        assert client.post(accept_at, {"choice": "everything"}).status_code == 422
        client.post(accept_at, {"choice": "everything", "why": "Theo công văn"})
        amendment.refresh_from_db()
        assert (str(amendment.changed_until), amendment.reason) == ("2024-02", "Theo công văn")

    def test_a_chair_hands_in_what_the_district_passes_on(self, signed_in, chair, decide):
        first = decide()
        own = decide(unit=builders.by_code("901"), number="12/QĐ-UBND", passes_on=first)
        client = signed_in(chair)
        upload = hand_in(client, own, sheet(("Xã Ao Sen", 5), ("Xã Ghềnh Xanh", 6)))
        wrong = [one["code"] for one in upload.found["doubts"] if one["kind"] == "wrong"]
        assert wrong == ["not_below"]
        address = reverse("promises:annex", args=[first.pk])
        assert client.get(address).status_code in (403, 404)

    def test_what_is_no_workbook_is_refused_at_sight(self, signed_in, officer, decide):
        client, decision = signed_in(officer), decide()
        file = SimpleUploadedFile("x.xlsx", b"%PDF-1.7")
        answer = client.post(reverse("promises:annex", args=[decision.pk]), {"file": file})
        assert (answer.status_code, Upload.objects.count()) == (422, 0)


class TestTakingAlong:
    VALUES = [
        *((unit, "HI", 1_234_567 + n, "at_least") for n, unit in enumerate(UNITS)),
        *((unit, "HI_RATE", 9615 + n, "at_least") for n, unit in enumerate(UNITS)),
        ("99", "SI_V", 300, "at_most"),
        ("901", "SI_V", 1_000, "more_than"),
        ("902", "HI_HH_NEW", 12, "at_least"),
    ]

    @pytest.fixture
    def wide(self, decide):
        return decide(self.VALUES)

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_it_reads_back_equal(self, signed_in, officer, decide, wide, language, tmp_path):
        client = signed_in(officer)
        address = reverse("promises:annex_workbook", args=[wide.pk])
        content = client.get(f"{address}?lang={language}").content
        path = tmp_path / "annex.xlsx"
        path.write_bytes(content)
        with translation.override(language):
            done = import_targets(
                path=path, number="149/QĐ-UBND", issued_on=date(2024, 1, 26), authority="ppc",
                year=2024, actor=COMMAND_LINE, on=TODAY, explanation="x",
            )  # fmt: skip
        assert done.created == len(self.VALUES)
        fields = ("unit", "indicator", "value", "operator", "deadline")
        assert told(wide, fields) == told(Decision.objects.get(number="149/QĐ-UBND"), fields)
        again = import_targets(
            path=path, number="148/QĐ-UBND", issued_on=date(2024, 1, 26), authority="ppc",
            year=2024, actor=COMMAND_LINE, on=TODAY, explanation="x",
        )  # fmt: skip
        assert (again.created, again.unchanged) == (0, len(self.VALUES))

    def test_it_holds_only_what_the_reader_sees(self, signed_in, chair, wide):
        answer = signed_in(chair).get(reverse("promises:annex_workbook", args=[wide.pk]))
        rows = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
        codes = {row[1] for row in rows if row[1] in UNITS}
        assert codes == {"901", "99001", "99002"}

    def test_nothing_assigned_is_no_file(self, signed_in, officer, decide):
        address = reverse("promises:annex_workbook", args=[decide().pk])
        assert signed_in(officer).get(address).status_code == 404


def told(decision, fields) -> set[tuple]:
    return set(decision.targets.values_list(*fields))


class TestCommandLine:
    def test_every_fact_of_a_decision_can_be_given(self, decide, tmp_path, capsys):
        first = decide([("99", "HI", 100, "at_least")])
        path = tmp_path / "annex.xlsx"
        path.write_bytes(sheet(("Xã Ao Sen", 5)))
        call_command(
            "import_targets", str(path), "--decision", "12/KH-UBND", "--issued", "2024-03-10",
            "--authority", "ppc", "--year", "2024", "--unit", "901",
            "--passes-on", "148 /QÐ-UBND", "--signer", "Nguyễn Văn Mẫu",
            "--signer-post", "Chủ tịch", "--issuer", "UBND huyện", "--format", "json",
        )  # fmt: skip
        made = Decision.objects.get(passes_on=first)
        assert (made.unit.code, made.kind, made.number) == ("901", "plan", "12/KH-UBND")
        assert (made.signer_name, made.signer_post) == ("Nguyễn Văn Mẫu", "Chủ tịch")
        assert made.targets.get().value == 5

    def test_what_replaces_another_ends_it(self, decide, tmp_path, capsys):
        decide([("901", "HI", 100, "at_least")])
        path = tmp_path / "annex.xlsx"
        path.write_bytes(sheet(("Huyện Đồi Thông", 5)))
        given = ["--issued", "2024-03-10", "--authority", "ppc", "--year", "2024", "--format=json"]
        call_command(
            "import_targets", str(path), "--decision=9/QĐ-UBND", "--replaces=148/QĐ-UBND", *given
        )
        made = Decision.objects.get(number="9/QĐ-UBND")
        assert (made.replaces.number, made.effective_on) == ("148/QĐ-UBND", date(2024, 3, 10))
        with pytest.raises(SystemExit) as stop:
            call_command(
                "import_targets", str(path), "--decision=10/QĐ-UBND", "--replaces=7/QĐ", *given
            )
        assert stop.value.code == 1
        assert "unknown_decision" in capsys.readouterr().out
