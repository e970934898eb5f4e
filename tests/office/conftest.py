"""LibreOffice, as the tests of workbooks ask it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SECONDS = 180


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Convert a file with a profile of its own; returns the new file."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program, "LibreOffice is needed: install libreoffice-calc."
    profile = tmp_path_factory.mktemp("profile")

    def convert(source: Path, to: str) -> Path:
        folder = source.parent / to.split(":")[0]
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(folder),
            str(source),
        ]
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=True, env=os.environ
        )
        made = folder / f"{source.stem}.{to.split(':')[0]}"
        assert made.exists(), done.stderr.decode()
        return made

    return convert
