"""A short run of the real thing: a few kills, and nothing breaks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.worker

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "REDIS_URL", "SECRET_KEY", "VAR_DIR")


def test_acts_stand_wholly_or_not_at_all_whoever_is_killed():
    inherited = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    done = subprocess.run(
        [sys.executable, "-m", "tests.endurance", "--kills", "4", "--seed", "3"],
        cwd=ROOT,
        env=inherited,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 kills: " in done.stdout
    assert "Everything or nothing of each act." in done.stdout
    assert "'send'" in done.stdout, "Nobody reported anything."
