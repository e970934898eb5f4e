"""Measures the product with the whole country in the database.

    python -m benchmarks.nation [--database postgres://…] [--keep FOLDER]

Makes the nation out of the demonstration in a database of its own, SQLite in a temporary folder
unless another is given, runs the pages of ``make bench`` on it and what only a nation shows: what
33 other provinces do to the pages of one on the old map, and an import of a month of all communes.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent.parent
LOAD = "from benchmarks.nation.loading import load; load()"


def run(environment: dict[str, str], *command: str, quietly: bool = False) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL if quietly else None,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", help="URL of an empty database; SQLite if none is given")
    parser.add_argument(
        "--keep", type=Path, help="a folder to make it in, or find it, and leave it"
    )
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        place = asked.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"VAR_DIR": str(place), "SECRET_KEY": "only-for-benchmarks"}
        if asked.database:
            environment["DATABASE_URL"] = asked.database
        done = place / "nation-is-loaded"
        if not done.exists():
            began = time.monotonic()
            run(environment, "manage.py", "migrate", "--verbosity", "0")
            run(environment, "manage.py", "load_demo", quietly=True)
            run(environment, "-c", f"import benchmarks.bare\n{LOAD}", quietly=True)
            done.touch()
            print(f"# loaded in {time.monotonic() - began:.0f} s", flush=True)
        for name in ("overview", "dashboard"):
            run(environment, f"benchmarks/{name}.py")
        run(environment, "-m", "benchmarks.nation.measuring")


if __name__ == "__main__":
    main()
