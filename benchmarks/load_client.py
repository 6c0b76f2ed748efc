"""A thin HTTP client for load: many requests at once from one thread, each on a connection of its own, as gunicorn's
sync workers close them anyway. Costs a fraction of a millisecond of processor time a request."""

from __future__ import annotations

import asyncio
import json
import math
import time
from dataclasses import dataclass
from typing import Any

TIMEOUT = 60


@dataclass(frozen=True)
class Answer:
    """Status (0 where no answer came), headers' raw lines, body, and seconds from the connect to the last byte."""

    status: int
    headers: tuple[str, ...]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def cookie(self, name: str) -> str:
        """The value of a cookie that the answer sets; "" where it sets none."""
        start = f"set-cookie: {name}="
        found = (line for line in self.headers if line.lower().startswith(start))
        return next((line[len(start) :].split(";")[0] for line in found), "")


@dataclass(frozen=True)
class Ask:
    """One request, ready as bytes, so that writing it costs nothing while it is timed."""

    content: bytes

    @classmethod
    def of(cls, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Ask:
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return cls("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)


async def send(ask: Ask, host: str, port: int) -> Answer:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(ask.content)
            raw = await reader.read(-1)
            writer.close()
    except (OSError, TimeoutError) as error:
        return Answer(0, (), str(error).encode(), time.perf_counter() - started)
    seconds = time.perf_counter() - started
    head, _blank, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1]) if len(lines[0].split()) > 1 else 0
    return Answer(status, tuple(lines[1:]), body, seconds)


def send_all(asks: list[Ask], host: str, port: int) -> list[Answer]:
    """All at once; the answers in the order of the asks."""

    async def together() -> list[Answer]:
        return await asyncio.gather(*(send(ask, host, port) for ask in asks))

    return asyncio.run(together())


def percentile(values: list[float], share: float) -> float:
    """The smallest of `values` that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
