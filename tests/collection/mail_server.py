"""A mail server for tests that takes messages, but for some addresses refuses them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def serving(refusing: Collection[str], *, ending: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Serve on a free port; gives the port and the addresses of what was taken, as it comes.

    With ``ending`` a refusal ends the connection, as many servers do.
    """
    taken: list[str] = []

    class Talk(StreamRequestHandler):
        """One connection of a client."""

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            address = ""
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "RCPT":
                    address = line[line.index("<") + 1 : line.index(">")]
                    if ending and address in refusing:
                        self.say("421 nobody here, and good day")
                        return
                    self.say("550 nobody here" if address in refusing else "250 fine")
                elif verb == "DATA":
                    self.say("354 go on")
                    while self.rfile.readline() != b".\r\n":
                        pass
                    taken.append(address)
                    self.say("250 taken")
                else:
                    self.say("250 fine")

    with ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], taken
        finally:
            server.shutdown()
