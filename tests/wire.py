"""HTTP/1.1 as bytes over connections of our own: what a client library would not send, and cheaply.

async with Lines(port) as lines:
    answer = await lines.ask(request("/subscribe/"))
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

HOST = "paper.example"
LARGEST = 16 << 20  # bytes of an answer


class BrokenError(Exception):
    """The answer ended before its end, or was none."""


@dataclass(frozen=True)
class Reply:
    """An answer as it came; header names in lower case, the last of a repeated one."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether the connection ends with it."""
        return self.headers.get("connection", "").lower() == "close"


def request(
    path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1"]
    given = {"Host": HOST, **(headers or {})}
    if body or method == "POST":
        given.setdefault("Content-Length", str(len(body)))
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


async def read_reply(reader: asyncio.StreamReader, head_only: bool = False) -> Reply:
    """The next answer of a connection; BrokenError where it is none or ends early."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        status = int(first.split(" ")[1])
        if head_only or status in (204, 304) or 100 <= status < 200:
            return Reply(status, headers, b"")
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return Reply(status, headers, await _chunks(reader))
        body = await reader.readexactly(min(int(headers.get("content-length", 0)), LARGEST))
        return Reply(status, headers, body)
    except (asyncio.IncompleteReadError, ValueError, IndexError, ConnectionError) as bad:
        raise BrokenError(type(bad).__name__) from bad


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()
    return bytes(body)


class Lines:
    """Connections to a port of this machine that are kept and used again, as many as are needed."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.host, self.port, self.opened = host, port, 0
        self.free = list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()

    async def ask(self, raw: bytes, head_only: bool = False) -> Reply:
        """The answer to a request; BrokenError or OSError where none comes.

        A kept connection that the server has closed meanwhile is replaced, once.
        """
        while self.free:
            line = self.free.pop()
            if line[0].at_eof() or line[1].is_closing():
                line[1].close()
                continue
            try:
                return await self._ask(line, raw, head_only)
            except (BrokenError, OSError):
                break
        self.opened += 1
        return await self._ask(await asyncio.open_connection(self.host, self.port), raw, head_only)

    async def _ask(
        self,
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        raw: bytes,
        head_only: bool,
    ) -> Reply:
        reader, writer = line
        try:
            writer.write(raw)
            reply = await read_reply(reader, head_only)
        except BaseException:
            writer.close()
            raise
        if reply.closes:
            writer.close()
        else:
            self.free.append(line)
        return reply

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _, writer in self.free:
            writer.close()
        self.free.clear()
