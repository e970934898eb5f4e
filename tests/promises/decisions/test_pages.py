"""Decisions on the page: the register, one of them, recording, withdrawing, mending."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Decision
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

pytestmark = pytest.mark.usefixtures("english", "catalogue")


@pytest.fixture
def signed_in(client):
    def signed_in(user):
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return signed_in


@pytest.fixture
def decision(province, catalogue) -> Decision:
    units = (province, builders.by_code("901"), builders.by_code("902"), builders.by_code("99001"))
    return record_decision(
        unit=province,
        authority="ppc",
        number="148/QĐ-UBND",
        year=2024,
        issued_on=date(2024, 1, 26),
        targets=[
            NewTarget(unit.pk, catalogue[code].pk, value, Month.of(2024, 12))
            for unit, value in zip(units, (9_000, 6_000, 3_000, 2_000), strict=True)
            for code in ("HI", "HI_RATE")
        ],
        signer_name="Nguyễn Văn Mẫu",
        actor=COMMAND_LINE,
        on=date(2024, 1, 26),
    ).decision


def form(**changes) -> dict:
    return {
        "unit": builders.by_code("99").pk,
        "number": "148 /QÐ–UBND",
        "authority": "ppc",
        "year": "2024",
        "issued_on": "2024-01-26",
        "issuer": "Ủy ban nhân dân tỉnh",
        "signer_name": "Nguyễn Văn Mẫu",
        **changes,
    }


class TestRegister:
    def test_it_says_what_is_in_force_and_how_much_is_assigned(self, signed_in, officer, decision):
        page = signed_in(officer).get(reverse("promises:decisions")).content.decode()
        assert "148/QĐ-UBND" in page
        assert "in force" in page
        assert "4 units" in page

    def test_year_and_authority_narrow_it(self, signed_in, officer, decision):
        client = signed_in(officer)
        for asked, count in (("year=2024", 1), ("year=2023", 0), ("authority=vss", 0)):
            answer = client.get(f"{reverse('promises:decisions')}?{asked}")
            assert len(answer.context["rows"]) == count
        assert client.get(f"{reverse('promises:decisions')}?year=x").status_code == 400

    def test_a_commune_sees_what_assigns_to_it_and_only_its_own_targets(
        self, signed_in, commune_officer, decision
    ):
        client = signed_in(commune_officer)
        assert "148/QĐ-UBND" in client.get(reverse("promises:decisions")).content.decode()
        page = client.get(reverse("promises:decision", args=[decision.pk]))
        assert [row.unit.code for row in page.context["page"].rows] == ["99001"]
        assert "9,000" not in page.content.decode()


class TestOne:
    def test_targets_stand_by_unit_and_indicator(self, signed_in, officer, decision):
        answer = signed_in(officer).get(reverse("promises:decision", args=[decision.pk]))
        page, text = answer.context["page"], answer.content.decode()
        assert [row.unit.code for row in page.rows] == ["99", "901", "902", "99001"]
        assert [one.code for one in page.indicators] == ["HI", "HI_RATE"]
        assert ("9,000" in text, "90%" in text) == (True, True)
        assert page.version == 1

    def test_its_scan_opens_for_who_sees_it_and_nobody_else(self, signed_in, officer, decision):
        client = signed_in(officer)
        address = reverse("promises:decision_scan", args=[decision.pk])
        assert client.get(address).status_code == 404
        file = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 x")
        correct = reverse("promises:correct_decision", args=[decision.pk])
        sent = {"scan": file, "signer_name": decision.signer_name}
        assert client.post(correct, sent).status_code == 302
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
        assert "attachment" in answer["Content-Disposition"]
        client.force_login(builders.user("stranger"))
        assert client.get(address).status_code == 404


class TestRecording:
    def test_from_nothing_to_an_amendment(self, signed_in, officer):
        client, address = signed_in(officer), reverse("promises:record_decision")
        answer = client.post(address, form())
        first = Decision.objects.get()
        assert answer.url == reverse("promises:decision", args=[first.pk])
        assert (first.number, first.effective_on) == ("148/QĐ-UBND", date(2024, 1, 1))
        page = client.get(f"{address}?amends={first.pk}").context["form"]
        assert page.initial["amends"] == first
        sent = form(number="900/QĐ-UBND", issued_on="2024-07-10", amends=first.pk)
        client.post(address, sent)
        amendment = Decision.objects.get(amends=first)
        assert amendment.effective_on == date(2024, 7, 10)
        assert JournalEntry.objects.filter(action="decision.recorded", actor=officer).count() == 2

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"number": "148 / qđ-ubnd"}, "number"),
            ({"number": "149/KH-UBND", "kind": "decision"}, "kind"),
            ({"issued_on": "2204-01-01x"}, "issued_on"),
            ({"year": "20240"}, "year"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(
        self, signed_in, officer, decision, change, field
    ):
        answer = signed_in(officer).post(reverse("promises:record_decision"), form(**change))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert Decision.objects.count() == 1

    def test_a_scan_is_known_by_its_content(self, signed_in, officer):
        scan = SimpleUploadedFile("scan.pdf", b"MZ not a scan")
        client, address = signed_in(officer), reverse("promises:record_decision")
        answer = client.post(address, form(scan=scan))
        assert (answer.status_code, Decision.objects.count()) == (422, 0)
        good = SimpleUploadedFile("x.bin", b"%PDF-1.7 scan")
        assert client.post(address, form(scan=good)).status_code == 302
        assert Decision.objects.get().scan.name.endswith(".pdf")

    def test_the_chair_of_a_district_passes_on_and_nothing_else(self, signed_in, chair, decision):
        client, address = signed_in(chair), reverse("promises:record_decision")
        district = builders.by_code("901")
        assert list(client.get(address).context["form"].fields["unit"].queryset) == [district]
        sent = form(unit=district.pk, number="12/QĐ-UBND")
        assert client.post(address, sent).status_code == 403
        answer = client.post(address, sent | {"passes_on": decision.pk})
        assert answer.status_code == 302
        assert Decision.objects.get(passes_on=decision).unit == district

    @pytest.mark.parametrize("name", ["leader", "auditor", "commune_officer", "outsider"])
    def test_nobody_else_records(self, signed_in, name, request):
        client = signed_in(request.getfixturevalue(name))
        assert client.get(reverse("promises:record_decision")).status_code == 403

    def test_the_back_office_leads_here(self, signed_in, officer, leader):
        address = reverse("admin:commitments_decision_add")
        assert signed_in(officer).get(address).url == reverse("promises:record_decision")
        assert signed_in(leader).get(address).status_code == 403


class TestWithdrawingAndMending:
    def test_it_is_withdrawn_with_a_reason(self, signed_in, officer, decision):
        client = signed_in(officer)
        address = reverse("promises:withdraw_decision", args=[decision.pk])
        assert client.post(address, {"withdrawn_on": "2024-09-01"}).status_code == 422
        client.post(address, {"withdrawn_on": "2024-09-01", "reason": "Ban hành nhầm"})
        page = client.get(reverse("promises:decision", args=[decision.pk])).content.decode()
        assert "Ban hành nhầm" in page

    def test_number_and_day_are_fixed_once_it_assigns(self, signed_in, officer, decision):
        client = signed_in(officer)
        address = reverse("promises:correct_decision", args=[decision.pk])
        assert "number" not in client.get(address).context["form"].fields
        client.post(address, {"signer_name": "Trần Thị Mẫu", "reason": "Ghi nhầm"})
        decision.refresh_from_db()
        assert decision.signer_name == "Trần Thị Mẫu"

    @pytest.mark.parametrize("name", ["leader", "chair"])
    def test_who_only_reads_is_refused(self, signed_in, decision, name, request):
        client = signed_in(request.getfixturevalue(name))
        for page in ("withdraw_decision", "correct_decision"):
            assert client.get(reverse(f"promises:{page}", args=[decision.pk])).status_code == 403


class TestExactly:
    def test_a_decided_rate_is_not_rounded(self, signed_in, officer, province, catalogue):
        made = record_decision(
            unit=province,
            authority="ppc",
            number="7/QĐ-UBND",
            year=2024,
            issued_on=date(2024, 1, 26),
            targets=[
                NewTarget(province.pk, catalogue["HI_RATE"].pk, 9615, Month.of(2024, 12)),
                NewTarget(province.pk, catalogue["SI_V"].pk, 300, Month.of(2024, 12), "at_most"),
            ],
            actor=COMMAND_LINE,
            on=date(2024, 1, 26),
        ).decision
        page = signed_in(officer).get(reverse("promises:decision", args=[made.pk]))
        text = page.content.decode()
        assert ("96.15%" in text, "≤ 300" in text) == (True, True)
