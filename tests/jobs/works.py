"""Work for the tests of background jobs: functions that ``kinds.py`` names."""

import time

from django.db import transaction

from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.jobs.running import Running


def greet(running: Running) -> dict:
    """Say who asked, in which language, and keep a file."""
    running.progress(1, 2, "half")
    running.attach("greeting.txt", f"Hello {running.actor}".encode())
    return {"said": f"Hello {running.actor}", **running.arguments}


def refuse(running: Running) -> dict:
    running.progress(1, 3, "reading")
    raise Refused.because("bad_file", "Row 3 is no number.", read="x", row=3)


def break_down(running: Running) -> dict:
    raise ZeroDivisionError("secret detail")


def write_names(running: Running) -> dict:
    """Write accounts one by one, slowly; a second run finds those of the first."""
    names = [f"name-{number}" for number in range(running.arguments["names"])]
    found = 0
    for number, name in enumerate(names):
        running.progress(number, len(names), name)
        with transaction.atomic():
            _, made = User.objects.get_or_create(username=name)
        found += not made
        time.sleep(running.arguments.get("pause", 0))
    return {"found": found}


def write_in_one_transaction(running: Running) -> dict:
    """Keep the database's write lock while telling progress."""
    with transaction.atomic():
        User.objects.create(username="in-the-transaction")
        for number in range(8):
            running.progress(number, 8, f"part {number}")
            time.sleep(0.2)
    return {}
