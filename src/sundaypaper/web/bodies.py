"""Bodies of files, plain and compressed, kept in memory within a bound."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from starlette.concurrency import run_in_threadpool

from sundaypaper.web.builds import File, Key, key_of

MOST = 64 << 20  # bytes of bodies that are kept
AT_ONCE = 2  # files that are read and compressed at a time
LEVEL = 6


@dataclass(frozen=True, slots=True)
class Body:
    """A file's bytes, the same compressed where that helps, and a tag of what they are."""

    plain: bytes
    packed: bytes
    tag: str

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        return len(self.plain) + len(self.packed)


class Bodies:
    """The bodies that were asked for last; each is read once, however many ask at the same time."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.size = most, 0
        self.kept: OrderedDict[Key, Body] = OrderedDict()
        self.coming: dict[Key, asyncio.Task[Body]] = {}
        self.turns = asyncio.Semaphore(AT_ONCE)

    async def of(self, file: File, packs: bool) -> Body:
        """The body of a file, compressed too where it packs; FileNotFoundError where it is gone."""
        if body := self.kept.get(file.key):
            self.kept.move_to_end(file.key)
            return body
        task = self.coming.get(file.key)
        if task is None:
            task = asyncio.create_task(self._load(file, packs))
            self.coming[file.key] = task
            task.add_done_callback(lambda _: self.coming.pop(file.key, None))
        return await asyncio.shield(task)

    async def _load(self, file: File, packs: bool) -> Body:
        async with self.turns:
            key, body = await run_in_threadpool(read, file.path, packs)
        self._keep(key, body)
        return body

    def _keep(self, key: Key, body: Body) -> None:
        if body.size > self.most // 4:
            return
        if before := self.kept.pop(key, None):
            self.size -= before.size
        self.kept[key] = body
        self.size += body.size
        while self.size > self.most:
            _, oldest = self.kept.popitem(last=False)
            self.size -= oldest.size


def read(path: str, packs: bool) -> tuple[Key, Body]:
    """Read a file whole, with the key of what was read."""
    with open(path, "rb") as file:
        key = key_of(os.fstat(file.fileno()))
        plain = file.read()
    packed = gzip.compress(plain, LEVEL, mtime=0) if packs else b""
    if len(packed) >= len(plain):
        packed = b""
    return key, Body(plain, packed, sha256(plain).hexdigest()[:32])
