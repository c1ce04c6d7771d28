"""`sundaypaper mcp`: the Model Context Protocol over stdin and stdout, JSON in lines.

Of the protocol it has what a server of tools needs: the handshake, ping, the list of tools and their
calls. What it says goes to stdout alone; nothing else may be printed there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from sundaypaper import __version__
from sundaypaper.errors import SundayPaperError
from sundaypaper.pipeline.answering import NOTE, TOOLS, Desk, Tool, answered

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
LONGEST = 1_000_000  # bytes of a line
PARSE, REQUEST, METHOD, PARAMS = -32700, -32600, -32601, -32602


class _Refused(Exception):
    """A request that the protocol refuses: a code of JSON-RPC and a sentence."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def serve(desk: Desk, lines: Iterable[bytes], write: Callable[[bytes], object]) -> None:
    """Answer each line until there are no more; write gets whole lines."""
    for line in lines:
        if line.strip() and (answer := reply(desk, line)) is not None:
            write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")


def reply(desk: Desk, line: bytes) -> dict[str, Any] | None:
    """The answer to a message; none to a notification."""
    id = None
    try:
        message = _message(line)
        id = message.get("id")
        if "id" not in message:
            return None
        result = _result(desk, message.get("method"), message.get("params") or {})
    except _Refused as bad:
        return {"jsonrpc": "2.0", "id": id, "error": {"code": bad.code, "message": bad.message}}
    return {"jsonrpc": "2.0", "id": id, "result": result}


def _message(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise _Refused(REQUEST, f"a message has at most {LONGEST:,} bytes")
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise _Refused(PARSE, "expected one JSON object a line") from None
    if not _is_text(message):
        raise _Refused(PARSE, "expected Unicode text, found half of a surrogate pair")
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise _Refused(REQUEST, 'expected an object with "jsonrpc": "2.0"')
    return message


def _is_text(message: object) -> bool:
    """Whether all of a message can be written: JSON may spell half a character, which nothing can."""
    try:
        json.dumps(message, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _result(desk: Desk, method: object, params: object) -> dict[str, Any]:
    if not isinstance(params, dict):
        raise _Refused(PARAMS, "expected params as an object")
    if method == "initialize":
        return _introduction(params.get("protocolVersion"))
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [_described(tool) for tool in TOOLS]}
    if method == "tools/call":
        return _called(desk, params)
    raise _Refused(METHOD, f"there is no method {str(method)[:60]!r}; this is a server of tools")


def _introduction(version: object) -> dict[str, Any]:
    return {
        "protocolVersion": version if version in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "sundaypaper", "title": "Sunday Paper", "version": __version__},
        "instructions": f"A weekly newspaper of machine learning, as it is stored here. {NOTE}",
    }


def _described(tool: Tool) -> dict[str, Any]:
    schema = {"type": "object", "properties": tool.arguments, "additionalProperties": False}
    return {
        "name": tool.name,
        "description": tool.about,
        "inputSchema": schema | ({"required": list(tool.required)} if tool.required else {}),
        "annotations": {"readOnlyHint": True, "openWorldHint": False},
    }


def _called(desk: Desk, params: dict[str, Any]) -> dict[str, Any]:
    name, arguments = params.get("name"), params.get("arguments") or {}
    tool = next((tool for tool in TOOLS if tool.name == name), None)
    if tool is None or not isinstance(arguments, dict):
        known = ", ".join(tool.name for tool in TOOLS)
        raise _Refused(PARAMS, f"there is no tool {str(name)[:60]!r}; there are {known}")
    try:
        answer = answered(desk, tool, arguments)
    except SundayPaperError as bad:
        return {"content": [{"type": "text", "text": str(bad)}], "isError": True}
    text = json.dumps(answer, ensure_ascii=False)
    return {"content": [{"type": "text", "text": text}], "structuredContent": json.loads(text)}
