"""A mail server for tests: speaks just enough SMTP, remembers what it accepted, and can be told to hold."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Callable
from email.policy import default


class MailServer(socketserver.ThreadingTCPServer):
    """`accepted` holds (recipient, subject, Message-ID) of each mail taken; `before` runs before that, `after` after
    it and before the sender is told."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.accepted: list[tuple[str, str, str]] = []
        self.begun = 0
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *args: object) -> None:
        """A client that was killed is no error of the server."""


class Session(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 tests")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "RCPT":
                recipient = line.split("<")[1].split(">")[0]
            if word == "DATA":
                self.say("354 go on")
                self._take(recipient)
                continue
            self.say("221 bye" if word == "QUIT" else "250 fine")

    def _take(self, recipient: str) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line)
        mail = email.message_from_bytes(b"".join(lines), policy=default)
        self.server.begun += 1
        self.server.before()
        self.server.accepted.append((recipient, mail["Subject"].strip(), mail["Message-ID"].strip()))
        self.server.after()
        self.say("250 taken")
