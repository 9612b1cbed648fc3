"""Messages out of an export of any size: the file is split where one message ends and the next begins.

Telegram Desktop writes one key a line with an even indentation, so the brace that closes a message stands alone after
a known indentation, and no string can hold a line break: finding that brace is enough, and memory stays at one
message. Any other layout (one long line) goes through ijson, three times slower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]
import msgspec
from ijson.common import IncompleteJSONError, JSONError, ObjectBuilder  # type: ignore[import-untyped]

LONGEST_MESSAGE = 8 << 20  # bytes
DEEPEST = 200  # objects and lists within one another
_PIECE = 1 << 20
_NO_MESSAGES = 'no list of "messages"; export the chat as "Machine-readable JSON"'
_KEYS = ("name", "type", "id", "about", "label", "official")
_KEY = re.compile(rb'^(\s*)"(name|type|id|about|label|official)":\s*(.+?),?\s*$')
_OPENS = re.compile(rb'^(\s*)"messages":\s*\[\s*(\]?),?\s*$')


@dataclass(frozen=True, slots=True)
class Header:
    """What an export says of a chat before its messages."""

    keys: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """One message as bytes (or already parsed, or None where there is ``trouble``); ``line`` is where it begins."""

    line: int | None
    data: bytes | dict[str, Any] | None = None
    trouble: str | None = None


def pieces(stream: BinaryIO) -> Iterator[Header | Piece]:
    """Chats and messages in the order of the file."""
    first = stream.readline(_PIECE)
    if first.removeprefix(b"\xef\xbb\xbf").strip() == b"{":
        yield from _Lines(stream).pieces()
    else:
        yield from _any_layout(stream, first)


class _Lines:
    """Line by line between chats, by the closing brace within one."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.line = 1  # lines taken so far

    def pieces(self) -> Iterator[Header | Piece]:
        keys: dict[bytes, dict[str, Any]] = {}
        found = False
        while text := self.next_line():
            key = _KEY.match(text)
            if key is not None:
                keys.setdefault(key[1], {})[key[2].decode()] = _value(key[3])
                continue
            opens = _OPENS.match(text)
            if opens is not None:
                found = True
                yield Header(keys.get(opens[1], {}))
                if not opens[2]:
                    yield from self.messages()
            elif text.strip() in (b"{", b"},", b"}"):  # another chat begins: what was said of the last one is over
                indent = text[: len(text) - len(text.lstrip())]
                keys = {deep: told for deep, told in keys.items() if len(deep) <= len(indent)}
        if not found:
            yield Piece(None, trouble=_NO_MESSAGES)

    def next_line(self) -> bytes:
        text = self.stream.readline(_PIECE)
        self.line += text.endswith(b"\n")
        return text

    def messages(self) -> Iterator[Piece]:
        """The messages of one chat, up to the bracket that ends their list."""
        opening = self.next_line()
        if opening.strip() != b"{":
            if not opening.strip().startswith(b"]"):
                yield Piece(self.line, trouble="the list of messages does not begin with a message; export it again")
            return
        closing = b"\n" + opening[: opening.index(b"{")] + b"}"
        buffer, begun, at = opening.strip(b"\r\n"), self.line, 0
        buffer += b"\n"
        while True:
            end = buffer.find(closing, at)
            while end >= 0 and _next_message(buffer, end + len(closing), 0)[0] == len(buffer):
                more = self.stream.read(_PIECE)  # what follows decides whether the list goes on
                if not more:
                    break
                buffer, end = buffer[at:] + more, end - at
                at = 0
            if end < 0:
                more = self.stream.read(_PIECE)
                if not more:
                    yield from self.tail(buffer, at, begun)
                    return
                buffer, at, begun, trouble = self.grown(buffer, at, begun, closing, more)
                if trouble is not None:
                    yield trouble
                    if buffer[at : at + 1] == b"]":  # it was the last of the list
                        self.give_back(buffer[at:], begun)
                        return
                continue
            end += len(closing)
            yield Piece(begun, buffer[at:end])
            begun += buffer.count(b"\n", at, end)
            at, begun, ended = _next_message(buffer, end, begun)
            if ended:
                self.give_back(buffer[at:], begun)
                return

    def grown(
        self, buffer: bytes, at: int, begun: int, closing: bytes, more: bytes
    ) -> tuple[bytes, int, int, Piece | None]:
        """The buffer from the present message on, with more behind it; a message without an end is let go."""
        buffer = buffer[at:] + more
        if len(buffer) <= LONGEST_MESSAGE or closing in buffer:
            return buffer, 0, begun, None
        trouble = Piece(begun, trouble=f"a message of more than {LONGEST_MESSAGE:,} bytes; it was left out")
        while more and closing not in buffer:
            begun += buffer.count(b"\n", 0, -len(closing))
            more = self.stream.read(_PIECE)
            buffer = buffer[-len(closing) :] + more
        end = buffer.find(closing)
        if end < 0:
            return b"", 0, begun, trouble
        begun += buffer.count(b"\n", 0, end + len(closing))
        while _next_message(buffer, end + len(closing), 0)[0] == len(buffer) and (more := self.stream.read(_PIECE)):
            buffer += more
        at, begun, _ = _next_message(buffer, end + len(closing), begun)
        return buffer, at, begun, trouble

    def tail(self, buffer: bytes, at: int, begun: int) -> Iterator[Piece]:
        if buffer[at:].strip(b" \r\n,]}"):
            yield Piece(begun, trouble="the file ends in the middle of a message; export it again or load the rest")

    def give_back(self, rest: bytes, line: int) -> None:
        self.stream = _Joined(rest, self.stream)  # type: ignore[assignment]
        self.line = line - 1


def _next_message(buffer: bytes, end: int, line: int) -> tuple[int, int, bool]:
    """Where the next message begins, its line, and whether the list ended instead."""
    start = end
    while start < len(buffer) and buffer[start] in b" \t\r\n,":
        line += buffer[start] == 10
        start += 1
    return start, line, start < len(buffer) and buffer[start] == ord("]")


class _Joined:
    """Bytes read too far, and then the rest of the stream."""

    def __init__(self, rest: bytes, stream: BinaryIO) -> None:
        self._rest, self._stream = rest, stream

    def readline(self, limit: int) -> bytes:
        if not self._rest:
            return self._stream.readline(limit)
        end = self._rest.find(b"\n") + 1 or len(self._rest)
        text, self._rest = self._rest[:end], self._rest[end:]
        return text if text.endswith(b"\n") or self._rest else text + self._stream.readline(limit)

    def read(self, size: int) -> bytes:
        if not self._rest or size == 0:
            return self._stream.read(size)
        rest, self._rest = self._rest[:size], self._rest[size:]
        return rest


def _value(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


class _Events:
    """Follows the events of a JSON parser and puts messages together; holds one message and the keys around it."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = []  # of the objects around the present place, outermost first
        self.key = ""
        self.depth = 0
        self.at = -1  # the depth at which messages lie; -1: in no list of messages
        self.builder: Any = None
        self.count = 0

    def take(self, event: str, value: Any) -> Header | Piece | None:
        if event in ("end_map", "end_array"):
            self.depth -= 1
        try:
            return self.within(event, value) if self.builder is not None else self.around(event, value)
        finally:
            if event in ("start_map", "start_array"):
                self.depth += 1
                if self.depth > DEEPEST:
                    raise RecursionError

    def within(self, event: str, value: Any) -> Piece | None:
        self.builder.event(event, value)
        if self.depth != self.at or event != "end_map":
            return None
        self.count += 1
        built, self.builder = self.builder.value, None
        return Piece(None, built)

    def around(self, event: str, value: Any) -> Header | None:
        if event == "map_key":
            self.key = value
        elif event == "start_array" and self.key == "messages" and self.keys:
            self.at = self.depth + 1
            return Header(self.keys[-1])
        elif event == "end_array" and self.depth < self.at:
            self.at = -1
        elif event == "start_map" and self.depth == self.at:
            self.builder = ObjectBuilder()
            self.builder.event(event, value)
        elif event == "start_map":
            self.keys.append({})
        elif event == "end_map":
            self.keys.pop()
        elif self.keys and self.key in _KEYS and event in ("string", "number", "boolean"):
            self.keys[-1][self.key] = value
        return None


def _any_layout(stream: BinaryIO, first: bytes) -> Iterator[Header | Piece]:
    """The same out of JSON in any layout. A mistake ends the reading: there is no telling where the next begins."""
    events, found = _Events(), False
    try:
        for event, value in ijson.basic_parse(_Joined(first, stream), use_float=True):
            made = events.take(event, value)
            if made is not None:
                found = True
                yield made
    except (IncompleteJSONError, JSONError, UnicodeDecodeError, RecursionError, IndexError):
        yield Piece(None, trouble=f"no longer JSON after message {events.count} of the file; export it again")
        return
    if not found:
        yield Piece(None, trouble=_NO_MESSAGES)
