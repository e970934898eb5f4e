"""Two who sign the same paper at the same moment make one commitment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from commitments.actions.promises.paper_signing import sign_by_name
from commitments.actions.promises.papers import prepare_papers
from commitments.chain.verifying import verify_commitments
from commitments.models import Commitment
from commitments.rules import Refused
from steering.accounts.actors import COMMAND_LINE
from steering.committee.roles import Role
from tests import builders
from tests.promises.promised import DAY, assign


@pytest.mark.django_db(transaction=True)
def test_a_paper_signed_twice_at_the_same_moment_is_signed_once():
    province, catalogue = builders.province_99(), builders.small_catalogue()
    assign(province, catalogue, {"901": {"HI": 100}})
    head = builders.seated("head", Role.CHAIR, builders.by_code("901"))
    (paper,) = prepare_papers(
        committee=builders.committee(province), year=2024, actor=COMMAND_LINE, on=DAY
    ).papers
    together = Barrier(2)

    def sign(_turn: int) -> str:
        try:
            together.wait(timeout=30)
            sign_by_name(paper=paper, typed_name="head", actor=head, on=DAY)
        except Refused as refused:
            return refused.faults[0].code
        finally:
            connection.close()
        return "signed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, range(2))) == ["not_waiting", "signed"]
    assert Commitment.objects.count() == 1
    assert verify_commitments().wrong == []
