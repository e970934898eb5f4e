"""Messages as files: whole or not there, whoever is killed while writing one."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

import steering.celery  # noqa: F401  names the transport


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def channel(tmp_path):
    folders = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("files://localhost", transport_options=folders) as connection:
        yield connection.channel()


@pytest.fixture
def kill_before_the_name(monkeypatch):
    """Whoever writes a file is killed when it is written, but not yet there under its name."""

    def killed(path, target):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        yield patch


def test_a_message_comes_out_as_it_went_in_and_once(channel):
    channel._put("celery", {"job": 1})
    channel._put("celery", {"job": 2})
    assert channel._size("celery") == 2
    assert [channel._get("celery"), channel._get("celery")] == [{"job": 1}, {"job": 2}]
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_whose_writer_was_killed_is_not_there(channel, kill_before_the_name):
    with pytest.raises(Killed):
        channel._put("celery", {"job": 1})
    assert channel._size("celery") == 0
    with pytest.raises(Empty):
        channel._get("celery")
    kill_before_the_name.undo()
    channel._put("celery", {"job": 1})
    assert channel._get("celery") == {"job": 1}


def test_an_exchange_whose_writer_was_killed_is_bound_by_the_next(channel, kill_before_the_name):
    with pytest.raises(Killed):
        channel._queue_bind("celery", "celery", None, "celery")
    kill_before_the_name.undo()
    for _again in range(2):
        channel._queue_bind("celery", "celery", None, "celery")
    channel._queue_bind("celery", "other", None, "other")
    assert sorted(bound.queue for bound in channel.get_table("celery")) == ["celery", "other"]
