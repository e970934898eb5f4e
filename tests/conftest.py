"""Fixtures for every test: a fictional province before and after its reform, and a fixed cast.

Tests run in Vietnamese, the default language; judge codes and numbers, or ask for the ``english``
fixture where words matter.
"""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from commitments.chain.keys import make_key
from commitments.models import Indicator
from districts.models import Reorganisation, Unit
from steering.accounts.append_only import released
from steering.accounts.models import User
from steering.celery import app
from steering.committee.roles import Role
from steering.kept.store import forget
from tests import builders

hypothesis_settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# The same examples every time: a red build is the fault of a change, not of luck.
hypothesis_settings.register_profile(
    "ci", hypothesis_settings.get_profile("default"), derandomize=True, print_blob=True
)
hypothesis_settings.register_profile(
    "long", hypothesis_settings.get_profile("default"), max_examples=1000
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def fast_passwords(settings) -> None:
    """Hash passwords quickly: the real hasher takes 100 MiB for each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def signing_key_of_the_tests(tmp_path_factory) -> Iterator[None]:
    """A key that signs the chains of every test, on whichever database."""
    before = settings.SIGNING_KEY_FILE
    settings.SIGNING_KEY_FILE = tmp_path_factory.mktemp("keys") / "signing-key.pem"
    make_key(settings.SIGNING_KEY_FILE)
    yield
    settings.SIGNING_KEY_FILE = before


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Name static files as they lie in the source: tests run without collecting them."""
    storages = settings.STORAGES.copy()
    storages["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    # Files of people stay in memory.
    storages["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = storages


@pytest.fixture(autouse=True)
def nothing_kept(settings) -> None:
    """Make every page anew: tests write rows past the actions. Ask for ``keeping`` to keep them."""
    settings.READY_IN_BACKGROUND = False
    settings.CACHES = settings.CACHES | {
        "kept": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }


@pytest.fixture
def keeping(settings, tmp_path, nothing_kept) -> None:
    """Keep pages as an installation does, in a folder of the test's own."""
    settings.KEPT_DIR = tmp_path / "kept"
    settings.CACHES = settings.CACHES | {
        "kept": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "pages",
        }
    }
    forget()


@pytest.fixture(autouse=True, scope="session")
def no_worker() -> None:
    """Messages go nowhere: whoever wants a job done calls ``steering.jobs.actions.run``."""
    app.conf.update(broker_url="memory://localhost", broker_transport_options={})


@pytest.fixture(autouse=True)
def no_heartbeat_beside_a_test_in_a_transaction(request, monkeypatch) -> None:
    """What such a test wrote nobody else sees: a heartbeat would take its job for another's."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (
        marker and marker.kwargs.get("transaction")
    )
    if not commits:
        monkeypatch.setattr("steering.jobs.running.LOOK_EVERY", 3600)


@pytest.fixture(autouse=True, scope="module")
def rows_rolled_back_are_cleared(django_db_blocker) -> Iterator[None]:
    """Sweep PostgreSQL after a module that loaded the country and took it back.

    Rows of a transaction that is rolled back stay in the table until they are swept; a server that
    does not sweep by itself would read past them in every later test.
    """
    yield
    if connection.vendor != "postgresql" or connection.connection is None:
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > 2000")
        for (table,) in cursor.fetchall():
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """Forget the language that a test's request chose."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_released_for_flush() -> Iterator[None]:
    """Let transactional tests empty the append-only tables, and nobody else."""
    flush = TransactionTestCase._fixture_teardown

    def flush_released(case: TransactionTestCase) -> None:
        with released():
            flush(case)

    TransactionTestCase._fixture_teardown = flush_released
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture
def english() -> Iterator[None]:
    """Run the test in English, for its words."""
    with translation.override("en"):
        yield


# --- the map and the catalogue -------------------------------------------------------------------


@pytest.fixture
def province(db) -> Unit:
    """Province 99 as it was before July 2025: districts 901 and 902, communes 99001 to 99005."""
    return builders.province_99()


@pytest.fixture
def office(province: Unit) -> Unit:
    """The unit that reports what province 99 collects itself."""
    return Unit.objects.get(code="99", tier="office")


@pytest.fixture
def communes(province: Unit) -> list[Unit]:
    """The five old communes of province 99, in code order."""
    return [builders.by_code(f"9900{n}") for n in range(1, 6)]


@pytest.fixture
def reformed(province: Unit) -> Reorganisation:
    """The reform of 2025-07-01, applied to province 99; see ``builders.reform_99``."""
    return builders.reform_99(province)


@pytest.fixture
def catalogue(db) -> dict[str, Indicator]:
    """POP (base), HI, HI_RATE, HI_HH_NEW (flow), SI_V, and TOTAL which the province collects."""
    return builders.small_catalogue()


# --- the cast ------------------------------------------------------------------------------------


@pytest.fixture
def officer(province: Unit) -> User:
    """The standing officer of the province."""
    return builders.seated("officer", Role.STANDING_OFFICER, province)


@pytest.fixture
def leader(province: Unit) -> User:
    """The vice-chair of the province's committee."""
    return builders.seated("leader", Role.LEADER, province)


@pytest.fixture
def auditor(province: Unit) -> User:
    """The auditor of the province."""
    return builders.seated("auditor", Role.AUDITOR, province)


@pytest.fixture
def chair(province: Unit) -> User:
    """The chair of district 901."""
    return builders.seated("chair", Role.CHAIR, builders.by_code("901"))


@pytest.fixture
def commune_officer(province: Unit) -> User:
    """The officer of commune 99001."""
    return builders.seated("commune_officer", Role.OFFICER, builders.by_code("99001"))


@pytest.fixture
def outsider(db) -> User:
    """Somebody who can sign in and sits nowhere."""
    return builders.user("outsider")


@pytest.fixture
def newcomer(officer: User) -> User:
    """Somebody whose account the standing officer of the province opened, without a seat yet."""
    return builders.opened("newcomer", officer)
