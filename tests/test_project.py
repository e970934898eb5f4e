"""The project as a whole: settings, migrations, requirements, and the Vietnamese catalogue."""

import gettext
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl.xml
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import messages

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "DATABASE_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "HTTPS_ONLY",
    "DEBUG",
    "VAR_DIR",
    "REDIS_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "SITE_URL",
)


def run(*arguments: str, var: Path, **variables: str) -> subprocess.CompletedProcess:
    """Python in a process of its own, with these of our variables set and no others."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**inherited, "VAR_DIR": str(var), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def read_settings(var: Path, expression: str = "None", **variables: str):
    return run(
        "-c", f"from steering import settings as s; print({expression})", var=var, **variables
    )


# --- settings ------------------------------------------------------------------------------------


def test_mails_are_files_until_a_mail_server_is_named(tmp_path):
    done = read_settings(tmp_path, "s.EMAIL_BACKEND, s.EMAIL_FILE_PATH")
    assert "filebased" in done.stdout
    assert str(tmp_path / "mail") in done.stdout
    server = "smtp+tls://who:secret@mail.example.vn:587"
    done = read_settings(
        tmp_path, "s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS", EMAIL_URL=server
    )
    assert "smtp.EmailBackend mail.example.vn 587 True" in done.stdout
    done = read_settings(tmp_path, EMAIL_URL="https://secret@mail.example.vn")
    assert done.returncode != 0
    assert "EMAIL_URL must begin with smtp://" in done.stderr
    assert "secret" not in done.stderr


def test_with_nothing_set_everything_lies_under_var(tmp_path):
    var = tmp_path / "a var with a space, 100% new"
    done = read_settings(var, "s.DATABASES['default']['NAME'], s.DEBUG")
    assert done.returncode == 0, done.stderr
    assert str(var / "db.sqlite3") in done.stdout
    assert "False" in done.stdout


def test_the_embedded_key_is_made_once_and_is_private(tmp_path):
    first, second = (read_settings(tmp_path, "s.SECRET_KEY").stdout.strip() for _ in range(2))
    assert first == second
    assert len(first) >= 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_sqlite_takes_its_locks_at_the_beginning_of_a_transaction(tmp_path):
    done = read_settings(tmp_path, "s.DATABASES['default']['OPTIONS']")
    assert "IMMEDIATE" in done.stdout
    assert "journal_mode=WAL" in done.stdout


def test_postgresql_is_used_with_a_pool(tmp_path):
    done = read_settings(
        tmp_path,
        "s.DATABASES['default']",
        DATABASE_URL="postgres://someone@db.example:5433/steering",
        SECRET_KEY="x" * 60,
    )
    assert "'ENGINE': 'django.db.backends.postgresql'" in done.stdout
    assert "'PORT': 5433" in done.stdout
    assert "'pool': True" in done.stdout


def test_background_work_goes_through_files_or_through_redis(tmp_path):
    asked = "s.CELERY_BROKER_URL, s.CELERY_BROKER_TRANSPORT_OPTIONS, s.CELERY_ACCEPT_CONTENT"
    embedded = read_settings(tmp_path, asked).stdout
    assert "files://" in embedded
    assert str(tmp_path / "broker") in embedded
    assert "['json']" in embedded
    assert "redis://q:6379/0" in read_settings(tmp_path, asked, REDIS_URL="redis://q:6379/0").stdout


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://someone:secret@db.example/steering"}, "mysql"),
        ({"DATABASE_URL": "postgres://db.example", "SECRET_KEY": "x" * 60}, "names no database"),
        ({"DATABASE_URL": "postgres://someone@db.example/steering"}, "SECRET_KEY"),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'"),
        ({"HTTPS_ONLY": "2"}, "HTTPS_ONLY is '2'"),
        ({"REDIS_URL": "amqp://someone:secret@queue.example"}, "REDIS_URL must begin with redis"),
    ],
)
def test_settings_refuse_nonsense(tmp_path, variables, said):
    done = read_settings(tmp_path, **variables)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert said in done.stderr.splitlines()[-1]
    assert "secret@" not in done.stderr.splitlines()[-1]


def test_a_site_behind_tls_passes_the_deployment_check(tmp_path):
    variables = {
        "HTTPS_ONLY": "true",
        "SECRET_KEY": "Lau-Xanh-" * 8,
        "ALLOWED_HOSTS": "tinh.example",
    }
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    done = run(*check, var=tmp_path, **variables)
    assert done.returncode == 0, done.stderr
    assert run(*check, var=tmp_path, **variables, DEBUG="true").returncode != 0


# --- migrations ----------------------------------------------------------------------------------


def our_migrations() -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for package in messages.PACKAGES
        for path in (ROOT / package).rglob("migrations/[0-9]*.py")
    ]


def test_models_and_migrations_agree(db):
    said = io.StringIO()
    call_command("makemigrations", dry_run=True, stdout=said)
    assert said.getvalue().strip() == "No changes detected"


def test_every_migration_has_a_name_that_says_something():
    assert our_migrations()
    assert [name for name in our_migrations() if "_auto_" in name] == []


def test_every_migration_says_how_it_is_undone(db):
    executor = MigrationExecutor(connection)
    ours = {Path(name).stem for name in our_migrations()}
    irreversible = [
        str(migration)
        for (_, name), migration in executor.loader.disk_migrations.items()
        if name in ours and not all(operation.reversible for operation in migration.operations)
    ]
    assert irreversible == []


@pytest.mark.slow
def test_migrations_run_back_to_nothing_and_forward_again(tmp_path):
    """Back through the user model, on which everything of ours but the units depends."""
    back = [("migrate", "accounts", "zero"), ("migrate", "districts", "zero")]
    for arguments in [("migrate",), *back, ("migrate",), ("check", "--database", "default")]:
        done = run("manage.py", *arguments, "--no-color", var=tmp_path)
        assert done.returncode == 0, done.stderr


# --- requirements --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-backtest.txt"]
)
def test_every_requirement_is_pinned_and_says_what_it_is_for(name):
    lines = [
        line
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r "))
    ]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.\[\],-]+==[\w.]+ +# .{10,}", line), line


def test_openpyxl_parses_guarded_and_without_lxml():
    """See docs/adr/0009: lxml would expand the entities of a workbook."""
    assert openpyxl.xml.DEFUSEDXML
    assert not openpyxl.xml.LXML


# --- the Vietnamese catalogue --------------------------------------------------------------------


@pytest.fixture(scope="module")
def vietnamese():
    return messages.vietnamese()


def test_every_text_of_the_code_is_in_the_catalogue(vietnamese):
    known = {messages.key(entry) for entry in messages.entries(vietnamese)}
    said = {messages.key(entry) for entry in messages.entries(messages.texts_in_code())}
    assert said
    assert said - known == set(), "run: make messages"


def test_the_catalogue_holds_no_text_that_nothing_says(vietnamese):
    known = {messages.key(entry) for entry in messages.entries(vietnamese)}
    said = {messages.key(entry) for entry in messages.entries(messages.texts_in_code())}
    assert known - said == set(), "run: make messages"


def test_every_text_is_translated_and_none_is_uncertain(vietnamese):
    assert len(vietnamese) > 0
    assert messages.untranslated(vietnamese) == []


def test_translations_keep_the_placeholders(vietnamese):
    assert messages.garbled(vietnamese) == []


def test_the_compiled_catalogue_is_fresh(vietnamese):
    read = gettext.GNUTranslations(io.BytesIO((messages.FOLDER / "django.mo").read_bytes()))
    fresh = gettext.GNUTranslations(io.BytesIO(messages.compiled(vietnamese)))
    texts = [messages.key(entry) for entry in messages.entries(vietnamese)]
    assert texts
    stale = [
        text
        for context, text in texts
        if translation(read, context, text) != translation(fresh, context, text)
    ]
    assert stale == [], "run: make messages"


def translation(catalogue: gettext.GNUTranslations, context: str | None, text: str) -> str:
    return catalogue.pgettext(context, text) if context else catalogue.gettext(text)


def test_the_reader_finds_texts_in_templates_and_code(tmp_path, monkeypatch):
    package = tmp_path / "reports"
    (package / "templates").mkdir(parents=True)
    (package / "views.py").write_text(
        'a = _("one " "whole")\nb = ngettext_lazy("%(n)s unit", "%(n)s units", "n")\nc = "silent"\n'
    )
    (package / "templates" / "page.html").write_text(
        "{% load i18n %}<p title=\"it's\">{% translate 'Hello' %}</p>"
        '{% blocktranslate %}{{ n }} of "all"{% endblocktranslate %}'
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    found = {messages.key(entry)[1] for entry in messages.entries(messages.texts_in_code())}
    assert found == {"one whole", "%(n)s unit", "Hello", '%(n)s of "all"'}


def test_an_update_keeps_translations_and_drops_what_is_gone(tmp_path, monkeypatch):
    (tmp_path / "reports").mkdir()
    code, po = tmp_path / "reports" / "views.py", tmp_path / "vi" / "django.po"
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "FOLDER", po.parent)
    code.write_text('_("unit %(n)s"), _("gone")')
    messages.update()
    translated = po.read_text().replace('%(n)s"\nmsgstr ""', '%(n)s"\nmsgstr "đơn vị"')
    po.write_text(translated)
    code.write_text('_("unit %(n)s"), _("new")')
    after = messages.update()
    assert {entry.id: entry.string or "" for entry in messages.entries(after)} == {
        "unit %(n)s": "đơn vị",
        "new": "",
    }
    assert messages.untranslated(after) == ["new"]
    assert messages.garbled(after) == ["unit %(n)s"]
    before = po.read_bytes()
    messages.update()
    assert po.read_bytes() == before
