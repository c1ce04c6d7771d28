"""Reading the body of an answer: raw, unpacked piece by piece, within limits of size and time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping

from sundaypaper.errors import FetchError

PIECE = 65_536
RATIO, RATIO_FROM = 100, 1_000_000
KNOWN = {"": "", "identity": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


def read(
    host: str,
    headers: Mapping[str, str],
    chunks: Iterable[bytes],
    limit: int,
    tick: Callable[[], None],
) -> bytes:
    """The whole body, at most limit bytes, or FetchError; never a part of it.

    tick is called before each piece and raises when the time is up.
    """
    encoding = KNOWN.get(headers.get("content-encoding", "").strip().lower())
    if encoding is None:
        raise FetchError(
            f"{host}: answered in the encoding {headers['content-encoding'][:40]!r}, which was "
            "not asked for. Only gzip and deflate are read.",
            reason="encoding",
        )
    declared = _declared(headers)
    if declared is not None and declared > limit:
        raise _too_large(host, limit)
    unpacker = Unpacker(host, encoding, limit)
    for chunk in chunks:
        tick()
        unpacker.feed(chunk, tick)
    if declared is not None and unpacker.raw < declared:
        raise _cut(host, f"{unpacker.raw:,} of {declared:,} bytes came")
    return unpacker.finish()


def _declared(headers: Mapping[str, str]) -> int | None:
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
        return None
    return int(length[:15])


def _too_large(host: str, limit: int) -> FetchError:
    return FetchError(
        f"{host}: the answer is larger than {limit / 1e6:g} MB and was not read.", reason="large"
    )


def _cut(host: str, why: str) -> FetchError:
    return FetchError(f"{host}: the answer was cut short ({why}).", reason="network")


class Unpacker:
    """Bytes as they come, unpacked up to a limit and a ratio of 100:1."""

    def __init__(self, host: str, encoding: str, limit: int) -> None:
        self.host, self.encoding, self.limit = host, encoding, limit
        self.raw = 0
        self.out = bytearray()
        self.stream: zlib._Decompress | None = None

    def feed(self, chunk: bytes, tick: Callable[[], None]) -> None:
        """Take a chunk; FetchError when a bound is passed or the data are damaged."""
        self.raw += len(chunk)
        if self.raw > self.limit:
            raise _too_large(self.host, self.limit)
        if not self.encoding:
            self.out += chunk
            return
        while chunk:
            tick()
            chunk = self._unpack(chunk)

    def finish(self) -> bytes:
        """The body; FetchError when the packed data stop in the middle."""
        if self.stream is not None and not self.stream.eof:
            raise _cut(self.host, "the packed data stop in the middle")
        return bytes(self.out)

    def _unpack(self, chunk: bytes) -> bytes:
        """Unpack one piece of output; returns what is left of the input."""
        if self.stream is not None and self.stream.eof:
            # A gzip body may have several members; what else follows (padding) is not ours.
            if self.encoding != "gzip" or not chunk.startswith(b"\x1f"):
                return b""
            self.stream = None
        stream = self.stream = self.stream or zlib.decompressobj(self._wbits(chunk[0]))
        try:
            self.out += stream.decompress(chunk, PIECE)
        except zlib.error as e:
            raise FetchError(
                f"{self.host}: the packed answer is damaged ({e}).", reason="encoding"
            ) from e
        size = len(self.out)
        if size > self.limit:
            raise _too_large(self.host, self.limit)
        if size > RATIO_FROM and size > RATIO * self.raw:
            raise FetchError(
                f"{self.host}: the answer unpacks to more than {RATIO} times its size "
                "and was not read.",
                reason="large",
            )
        return stream.unused_data if stream.eof else stream.unconsumed_tail

    def _wbits(self, first: int) -> int:
        """gzip; or deflate as the standard has it (zlib), or raw, as some servers send it."""
        if self.encoding == "gzip":
            return zlib.MAX_WBITS | 16
        return zlib.MAX_WBITS if first & 0x0F == 8 else -zlib.MAX_WBITS
