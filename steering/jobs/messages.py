"""Messages as files that appear whole, for a site and worker on one machine.

Kombu's own transport opens a file under its final name and fills it then. A worker that looks in
between, or after the writer was killed there, takes an empty message and ends.
"""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps


def _write_whole(path: Path, content: Any) -> None:
    draft = path.with_name(f"{uuid4()}.draft")
    draft.write_text(dumps(content))
    draft.replace(path)


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict, **options: Any) -> None:
        """Add a message; names sort by the time it was written."""
        name = f"{monotonic_ns():020}_{uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out, name), payload)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Write down, once, which queue an exchange leads to."""
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table: Sequence = self.get_table(exchange)
        if bound not in table:
            self.control_folder.mkdir(exist_ok=True)
            _write_whole(self._exchange_file(exchange), [bound, *table])


class Transport(filesystem.Transport):
    Channel = Channel
