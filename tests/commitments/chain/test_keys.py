"""The signing key: made, missing, foreign, changed."""

import threading
from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks
from django.db import connection

from commitments.actions.promises.chaining import rotate_key
from commitments.chain import keys
from commitments.chain.digests import link_digest
from commitments.chain.exporting import exported
from commitments.checks import the_signing_key_is_the_one_that_signed
from commitments.models import Link
from commitments.rules import Refused
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released
from tests import builders

from .promises import answer_of, codes, sign

AT = datetime(2024, 4, 1, tzinfo=UTC)


@pytest.mark.django_db
class TestKeys:
    def test_embedded_the_first_need_makes_a_private_one(self, key_file, db):
        if connection.vendor != "sqlite":
            pytest.skip("a server never makes a key by itself")
        made = keys.signing_key()
        assert key_file.stat().st_mode & 0o777 == 0o600
        assert keys.raw(keys.signing_key().public_key()) == keys.raw(made.public_key())

    def test_a_missing_key_is_never_made_anew_once_something_is_signed(
        self, promised, key_file, catalogue
    ):
        with pytest.raises(Refused) as refused:
            sign(promised.committee, catalogue["HI"], (promised.unit, 300))
        assert [fault.code for fault in refused.value.faults] == ["signing_key_missing"]
        assert not key_file.exists()
        # What "manage.py check" runs, and the web server as it starts.
        for found in (run_checks(), run_checks(tags=["signing_key"])):
            assert "commitments.E001" in {message.id for message in found}

    def test_a_foreign_key_signs_nothing(self, promised, key_file, catalogue):
        keys.make_key(key_file)
        with pytest.raises(Refused) as refused:
            sign(promised.committee, catalogue["HI"], (promised.unit, 300))
        assert [fault.code for fault in refused.value.faults] == ["signing_key_foreign"]
        assert the_signing_key_is_the_one_that_signed(None)
        assert codes() == {"key_unknown", "key_not_introduced"}

    def test_with_the_right_key_the_check_is_silent(self, promised):
        assert the_signing_key_is_the_one_that_signed(None) == []

    def test_a_new_key_is_introduced_by_the_old_one(
        self, province, catalogue, key_file, tmp_path, django_capture_on_commit_callbacks
    ):
        keys.make_key(key_file)
        committee = builders.committee(province)
        sign(committee, catalogue["HI"], (builders.by_code("901"), 10))
        keys.make_key(tmp_path / "next.pem")
        with django_capture_on_commit_callbacks(execute=True):
            name = rotate_key(new_key=tmp_path / "next.pem", actor=COMMAND_LINE)
        sign(committee, catalogue["HI"], (builders.by_code("902"), 20))
        assert committee.links.last().key == name
        assert codes() == set()
        assert the_signing_key_is_the_one_that_signed(None) == []
        assert len(keys.trusted_keys()) == 2
        path, public = tmp_path / "chain.json", tmp_path / "public.pem"
        path.write_bytes(exported(committee, at=AT))
        public.write_bytes(b"".join(map(keys.as_pem, keys.trusted_keys().values())))
        assert answer_of("verify_chain", str(path), "--key", str(public))["ok"]

    def test_two_that_make_a_key_at_once_get_one(self, key_file):
        together = threading.Barrier(4)

        def make():
            together.wait()
            keys.make_key(key_file)

        makers = [threading.Thread(target=make) for _ in range(4)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join()
        assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]
        assert keys.read_private(key_file)


@pytest.fixture
def changed(province, catalogue, key_file, tmp_path, django_capture_on_commit_callbacks):
    """A committee whose chain two keys signed, one after the other."""
    keys.make_key(key_file)
    committee = builders.committee(province)
    sign(committee, catalogue["HI"], (builders.by_code("901"), 10))
    old = key_file.read_bytes()
    keys.make_key(tmp_path / "next.pem")
    with django_capture_on_commit_callbacks(execute=True):
        rotate_key(new_key=tmp_path / "next.pem", actor=COMMAND_LINE)
    sign(committee, catalogue["HI"], (builders.by_code("902"), 20))
    assert codes() == set()
    return committee, old


class TestRetiredKeys:
    def test_put_back_it_signs_nothing(self, changed, key_file, catalogue):
        committee, old = changed
        key_file.write_bytes(old)
        with pytest.raises(Refused) as refused:
            sign(committee, catalogue["HI"], (builders.by_code("901"), 30))
        assert [fault.code for fault in refused.value.faults] == ["signing_key_foreign"]

    def test_stolen_it_neither_continues_nor_cuts_the_chain(self, changed):
        committee, _old = changed
        with released():
            committee.links.filter(number__gte=3).delete()
        assert "key_not_introduced" in codes()

    def test_stolen_it_signs_nothing_after_the_new_one(self, changed, tmp_path):
        committee, old = changed
        (tmp_path / "stolen.pem").write_bytes(old)
        stolen = keys.read_private(tmp_path / "stolen.pem")
        last = committee.links.last()
        with released():
            forged = Link.objects.get(pk=last.pk)
            forged.key = keys.key_id(stolen.public_key())
            resign(forged, stolen)
        assert "link_broken" in codes()


def resign(link: Link, key) -> None:
    """Write a link anew, with its digest and a signature of another key."""
    link.digest = link_digest(link)
    link.signature = key.sign(link.digest.encode()).hex()
    link.save()
