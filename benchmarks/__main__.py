"""Runs the benchmarks one after the other, each in a process of its own, on a copy of the province.

    python -m benchmarks [NAME …]

The demonstration is copied into a folder of its own first: benchmarks approve, draft and import.
Prints a line for every measure, ``NAME RATIO AIM ok|short``. The exit status says whether all could
be measured, not whether the aims are met: ratios belong to a machine.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).resolve().parent
NAMES = (
    "overview", "dashboard", "autosave", "sending", "entry_form", "workbook", "import",
    "allocation", "documents",
)  # fmt: skip


def copied(source: Path, target: Path) -> None:
    """The province's database and its keys, as they stand."""
    with (
        sqlite3.connect(source / "db.sqlite3") as stands,
        sqlite3.connect(target / "db.sqlite3") as copy,
    ):
        stands.backup(copy)
    for name in ("secret-key", "signing-key.pem"):
        if (source / name).exists():
            shutil.copy(source / name, target / name)


def main(names: tuple[str, ...]) -> int:
    """How many of the benchmarks failed."""
    source = Path(os.environ.get("VAR_DIR", FOLDER.parent / "var"))
    failed = 0
    with TemporaryDirectory() as folder:
        for name in names:
            place = Path(folder) / name
            place.mkdir()
            copied(source, place)
            environment = {key: os.environ[key] for key in os.environ if key != "DATABASE_URL"}
            done = subprocess.run(
                [sys.executable, "-W", "ignore", FOLDER / f"{name}.py"],
                env=environment | {"VAR_DIR": str(place)},
                check=False,
            )
            failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(tuple(sys.argv[1:]) or NAMES) else 0)
