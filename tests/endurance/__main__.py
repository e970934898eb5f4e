"""Kill the site and its worker at random moments of real work; see whether anything broke.

    python -m tests.endurance --kills 100 --seed 1

Runs on a database of its own: SQLite in a temporary folder, or an empty one at DATABASE_URL.
People hand in files, type, send, verify and approve over HTTP; gunicorn or the Celery worker is
killed with every process it has (SIGKILL) and started again. Once all has come to rest every act
must stand wholly or not at all, every job be finished, every total be the sum of its counts. The
exit status is 1 if anything is not so; the folder is kept then.
"""

import argparse
import os
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path

import django

parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
)
parser.add_argument("--kills", type=int, default=100)
parser.add_argument("--seed", type=int, help="the moments of another run again")
parser.add_argument("--bind", metavar="HOST:PORT", help="where the site is; a free port otherwise")
arguments = parser.parse_args()

folder = tempfile.mkdtemp(prefix="endurance-")
Path(folder, "static").mkdir()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.endurance.settings"
os.environ["VAR_DIR"] = folder
os.environ.setdefault("SECRET_KEY", "only-for-this-run")
os.environ.pop("REDIS_URL", None)
django.setup()

from django.db import connection  # noqa: E402

from tests.endurance.run import Endurance, tell  # noqa: E402


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def main() -> int:
    if connection.introspection.table_names():
        tell("The database is not empty: this run needs one of its own.")
        return 2
    # However this is told to end, the processes it started end with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    seed = int.from_bytes(os.urandom(3)) if arguments.seed is None else arguments.seed
    tell(f"seed {seed}, {connection.vendor}, files in {folder}")
    endurance = Endurance(seed, arguments.bind or free_port())
    try:
        wrong = endurance.run(arguments.kills)
    finally:
        endurance.end()
    if not wrong:
        shutil.rmtree(folder)
    return 1 if wrong else 0


sys.exit(main())
