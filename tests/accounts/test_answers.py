"""What every answering command prints, whatever the machine it runs on."""

import io
import json
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError

from steering.accounts.programs.answers import AnsweringCommand


class Greeting(AnsweringCommand):
    """Answers with a name that Latin-1 cannot write."""

    def answer(self, **options):
        return {"ok": True, "name": "Sơn La"}


def written(monkeypatch, form: str) -> bytes:
    """What leaves a process whose locale knows Western letters only."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", write_through=True)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", stream)
        call_command(Greeting(), format=form)
    return stream.buffer.getvalue()


def test_json_is_utf_8_whatever_the_locale(monkeypatch):
    answer = json.loads(written(monkeypatch, "json").decode("utf-8"))
    assert answer == {"ok": True, "name": "Sơn La"}


def test_text_is_shown_as_far_as_the_terminal_can(monkeypatch):
    assert "name: S?n La" in written(monkeypatch, "text").decode("latin-1")


@pytest.mark.parametrize("error", [OperationalError, ProgrammingError])
def test_a_database_that_is_not_ready_is_one_error_and_status_1(monkeypatch, capsys, error):
    def answer(self, **options):
        raise error("no such table: districts_unit")

    monkeypatch.setattr(Greeting, "answer", answer)
    with pytest.raises(SystemExit) as stop:
        call_command(Greeting(), format="json")
    (fault,) = json.loads(capsys.readouterr().out)["errors"]
    assert (stop.value.code, fault["code"]) == (1, "database_not_ready")
    assert "no such table: districts_unit" in fault["message"]
