"""Commands that others script against: one answer, as JSON or as text, and an exit status.

``--format json`` prints exactly one JSON object on standard output and nothing else there, in
UTF-8 whatever the locale. Exit status 0; 1 for a refused or failed check; 2 for wrong arguments.
"""

import io
import json
import sys
from abc import abstractmethod
from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand
from django.db import OperationalError, ProgrammingError
from django.utils import translation
from django.utils.translation import gettext as _

from ..faults import Fault, Refused

Value = TypeVar("Value")


def argument(read: Callable[[str], Value], example: str) -> Callable[[str], Value]:
    """An argparse type from a function that raises ValueError; says what to write instead."""

    def parse(text: str) -> Value:
        try:
            return read(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r}: write it like {example}") from None

    return parse


class AnsweringCommand(BaseCommand):
    """Subclasses say what they ``answer``; refusals become the list of errors and status 1."""

    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=("text", "json"), default="text")

    @abstractmethod
    def answer(self, **options: Any) -> dict[str, Any]:
        """The answer as plain data. Raises Refused; ``"ok": False`` also means status 1."""

    def show(self, answer: dict[str, Any]) -> str:
        """The answer as text for people."""
        return "\n".join(f"{key}: {value}" for key, value in answer.items())

    def handle(self, *args, **options):
        as_json = options["format"] == "json"
        _prepare_output(as_json)
        try:
            answer = self._answer(**options)
        except Refused as refusal:
            answer = refused(refusal.faults)
            if not as_json:
                for fault in refusal.faults:
                    self.stderr.write(str(fault))
                self.stderr.write(_("Nothing was written."))
                sys.exit(1)
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(self.show(answer))
        if answer.get("ok") is False:
            sys.exit(1)

    def _answer(self, **options: Any) -> dict[str, Any]:
        """The answer; a database that is missing, unreachable or not migrated is a refusal."""
        try:
            return self.answer(**options)
        except (OperationalError, ProgrammingError) as error:
            message = _("The database is not ready: %(reason)s. Check it and run “migrate”.")
            details = {"reason": str(error).strip()}
            raise Refused.because("database_not_ready", message % details) from error

    def execute(self, *args, **options):
        with translation.override(options.get("language") or translation.get_language() or "vi"):
            return super().execute(*args, **options)


def _prepare_output(as_json: bool) -> None:
    """JSON leaves in UTF-8; text shows what the terminal's encoding lacks as ``?``."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(**{"encoding": "utf-8"} if as_json else {"errors": "replace"})


def refused(faults: list[Fault]) -> dict[str, Any]:
    """The answer that lists why something was refused."""
    return {"ok": False, "errors": [fault.as_dict() for fault in faults]}
