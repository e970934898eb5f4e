"""Help: for everybody, the reader's own role first, found without accents."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from commitments.models import Indicator
from reports.engine.rules import EXCEEDED_FROM
from reports.wording import help_cards
from steering.committee.roles import Role

HELP = reverse("reports:help")


def test_help_is_open_also_to_whoever_cannot_sign_in(client, catalogue):
    answer = client.get(HELP)
    assert answer.status_code == 200
    assert len(answer.context["cards"]) == len(help_cards.CARDS)


def test_help_opens_at_what_is_about_the_page_one_came_from(client, catalogue):
    page = "http://testserver/indicators/HI/judgement/?month=2025-06"
    answer = client.get(HELP, headers={"referer": page})
    first = [card.key for card in answer.context["here"]]
    assert first == ["judge-prospects"]
    assert not set(first) & {card.key for card, _own in answer.context["cards"]}
    body = answer.content.decode()
    assert body.index('id="judge-prospects"') < body.index('id="read-the-overview"')


@pytest.mark.parametrize(
    "before", ["", "http://elsewhere.example/people/", "http://testserver/no-such-page/"]
)
def test_who_came_from_elsewhere_finds_every_card_in_its_place(client, catalogue, before):
    answer = client.get(HELP, headers={"referer": before})
    assert answer.context["here"] == []
    assert len(answer.context["cards"]) == len(help_cards.CARDS)


def test_a_search_looks_through_every_card_wherever_one_came_from(client, catalogue):
    answer = client.get(HELP, {"q": "vai tro"}, headers={"referer": "http://testserver/people/"})
    assert answer.context["here"] == []
    assert "seat-a-member" in {card.key for card, _own in answer.context["cards"]}


def test_cards_are_about_pages_that_exist():
    known = {
        f"{space}:{name}"
        for space, (_prefix, resolver) in get_resolver().namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }
    for card in help_cards.CARDS:
        assert set(card.pages) <= known, card.key


@pytest.fixture
def reachable(officer):
    """The standing officer of the province, with a telephone and an address."""
    officer.phone, officer.email = "0212 000 0000", "officer@province.example"
    officer.save()
    return officer


@pytest.mark.parametrize("member", ["leader", "chair", "commune_officer"])
def test_members_see_first_whom_they_may_ask_and_how(client, catalogue, reachable, member, request):
    client.force_login(request.getfixturevalue(member))
    body = client.get(HELP).content.decode()
    assert 'href="tel:02120000000"' in body
    assert 'href="mailto:officer@province.example"' in body
    assert body.index("officer@province.example") < body.index('id="read-the-overview"')


def test_names_and_numbers_are_not_shown_to_whoever_has_no_seat(
    client, catalogue, reachable, outsider
):
    for sign_in in (False, True):
        if sign_in:
            client.force_login(outsider)
        body = client.get(HELP).content.decode()
        assert 'id="whom"' in body
        assert "province.example" not in body
        assert str(reachable) not in body


def test_an_outsider_reads_help(client, outsider):
    client.force_login(outsider)
    assert client.get(HELP).status_code == 200


def test_the_cards_of_ones_own_role_come_first(client, auditor):
    client.force_login(auditor)
    own = [mine for _, mine in client.get(HELP).context["cards"]]
    assert own == sorted(own, reverse=True)
    assert 0 < sum(own) < len(own)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_cards(role):
    assert sum(mine for _, mine in help_cards.cards_for({role})) >= 3


def test_every_card_leads_to_a_page_that_exists_and_prints_alone(client, db):
    assert len({card.key for card in help_cards.CARDS}) == len(help_cards.CARDS)
    for card in help_cards.CARDS:
        try:
            assert reverse(card.leads_to)
        except NoReverseMatch:
            pytest.fail(f"{card.key} leads to {card.leads_to}, which is no page")
        answer = client.get(reverse("reports:help_card", args=[card.key]))
        assert answer.status_code == 200
        assert answer.context["card"] == card


def test_a_card_nobody_wrote_is_a_missing_page(client, db):
    assert client.get(reverse("reports:help_card", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("typed", ["bảo hiểm hộ", "bao hiem ho", "BAO  HIEM HO", "HI_HH"])
def test_indicators_are_found_without_accents_and_by_code(client, catalogue, typed):
    found = Indicator.objects.get(code="HI_HH_NEW")
    found.name_vi = "Người tham gia bảo hiểm hộ gia đình"
    found.save()
    glossary = client.get(HELP, {"q": typed}).context["glossary"]
    assert [entry.indicator.code for entry in glossary] == ["HI_HH_NEW"]


def test_the_legal_basis_is_shown_and_found(client, catalogue):
    Indicator.objects.filter(code="HI").update(legal_basis="Luật Bảo hiểm y tế")
    answer = client.get(HELP, {"q": "luat bao hiem"})
    assert [entry.indicator.code for entry in answer.context["glossary"]] == ["HI"]
    assert "Luật Bảo hiểm y tế" in answer.content.decode()


def test_nothing_found_says_what_was_looked_for(client, catalogue):
    answer = client.get(HELP, {"q": "<xyzzy>"})
    page = answer.content.decode()
    assert "&lt;xyzzy&gt;" in page
    assert "<xyzzy>" not in page
    assert 'class="table help-table"' not in page


def test_a_ratio_is_defined_by_what_is_divided(catalogue, english):
    rate = Indicator.objects.get(code="HI_RATE")
    said = help_cards.definition(rate)
    assert rate.numerator.name in said
    assert rate.denominator.name in said


def test_the_words_name_the_thresholds_the_figures_use(english):
    met = f"{float(EXCEEDED_FROM * 100):g}%"
    assert any(met in term.meaning for term in help_cards.terms())


def test_more_indicators_cost_no_more_queries(client, catalogue):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(HELP)
        return len(queries)

    before = cost()
    for number in range(5):
        Indicator.objects.create(
            code=f"X{number}", name_vi="Thêm", name_en="More", group="x", kind="stock",
            unit_of_measure="person", direction="up", entered_at="commune", frequency="monthly",
            maximum=9,
        )  # fmt: skip
    assert cost() == before
