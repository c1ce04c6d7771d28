"""Frames over a pipe: bytes with their length in front."""

from __future__ import annotations

import struct
from typing import IO

HEAD = struct.Struct(">I")


class TooLong(Exception):
    """A frame is longer than what is allowed."""


def write(pipe: IO[bytes], *parts: bytes) -> None:
    """Write a frame for each part."""
    for part in parts:
        pipe.write(HEAD.pack(len(part)))
        pipe.write(part)
    pipe.flush()


def read(pipe: IO[bytes], most: int = 2**32) -> bytes:
    """The next frame; EOFError where the pipe ends first, TooLong before anything of it is read."""
    (length,) = HEAD.unpack(_exactly(pipe, HEAD.size))
    if length > most:
        raise TooLong(f"{length:,} bytes")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data
