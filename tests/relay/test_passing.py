"""The relay: what the board's stream says, passed on to many readers over real sockets on loopback."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread
from typing import Any

import pytest

from tests.servers import free_port
from verst.relay.passing import MOST_BEHIND, MOST_KEPT, Relay
from verst.relay.wire import frame, listen, read_question


class Running:
    """A relay in a thread, the pipe it is fed by, and the port it listens at."""

    def __init__(self, most: int) -> None:
        self.port = free_port()
        out, self.feed = os.pipe()
        self.relay = Relay(listen("127.0.0.1", self.port), out, most=most)
        self.thread = Thread(target=self.relay.run, daemon=True)
        self.thread.start()

    def say(self, number: int, size: int = 0) -> None:
        """Feed it a message, made as long as wanted."""
        data = json.dumps({"revision": number, "changed": {"verkhny-lars": "x" * size}}, separators=(",", ":"))
        os.write(self.feed, json.dumps([str(number), data]).encode() + b"\n")

    def come(self, last: str | None = None, *, buffer: int = 0) -> socket.socket:
        """A reader who has asked for the stream."""
        reader = socket.socket()
        if buffer:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        reader.settimeout(10)
        reader.connect(("127.0.0.1", self.port))
        header = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        reader.sendall(f"GET /events HTTP/1.1\r\nHost: board\r\n{header}\r\n".encode())
        return reader

    def wait_for(self, readers: int) -> None:
        """Until so many readers are there."""
        until = time.monotonic() + 10
        while len(self.relay.readers) != readers:
            assert time.monotonic() < until, f"{len(self.relay.readers)} readers, not {readers}"
            time.sleep(0.01)


@contextmanager
def running(most: int = 1000) -> Iterator[Running]:
    found = Running(most)
    try:
        yield found
    finally:
        os.close(found.feed)
        found.thread.join(10)
        assert not found.thread.is_alive()
        found.relay.listening.close()


def read_until(reader: socket.socket, words: bytes) -> bytes:
    said = b""
    while words not in said:
        piece = reader.recv(1 << 16)
        assert piece, f"the stream ended before {words!r}: {said[-200:]!r}"
        said += piece
    return said


def ids(said: bytes) -> list[str]:
    return [line[4:].decode() for line in said.split(b"\n") if line.startswith(b"id: ")]


def test_hundreds_of_readers_are_all_told_and_none_is_dropped() -> None:
    with running() as board:
        readers = [board.come() for _ in range(400)]
        board.wait_for(400)
        for number in range(1, 31):
            board.say(number, 2000)
        for reader in readers:
            said = read_until(reader, b"id: 30\n")
            assert ids(said) == [str(number) for number in range(1, 31)]
            reader.close()
        board.wait_for(0)


def test_it_says_what_an_event_source_expects() -> None:
    with running() as board, closing(board.come()) as reader:
        head = read_until(reader, b": listening\n\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n") and b"Content-Type: text/event-stream\r\n" in head
        assert b"Content-Length" not in head and b"retry: 5000\n" in head
        board.say(7)
        assert read_until(reader, b"\n\n") == frame("7", '{"revision":7,"changed":{"verkhny-lars":""}}')


def test_who_comes_back_is_told_what_was_missed_and_only_that() -> None:
    with running() as board:
        with closing(board.come()) as first:
            board.wait_for(1)
            for number in range(1, 6):
                board.say(number)
            read_until(first, b"id: 5\n")
        with closing(board.come("3")) as late:
            assert ids(read_until(late, b"id: 5\n")) == ["4", "5"]
        with closing(board.come("5")) as current:
            read_until(current, b": listening\n\n")
            board.say(6)
            assert ids(read_until(current, b"id: 6\n")) == ["6"]


@pytest.mark.parametrize("last", ["0", "no such id", "-1"])
def test_who_saw_what_is_known_no_more_is_to_read_everything_again(last: str) -> None:
    with running() as board:
        with closing(board.come()) as first:
            board.wait_for(1)
            for number in range(1, MOST_KEPT + 3):
                board.say(number)
            read_until(first, f"id: {MOST_KEPT + 2}\n".encode())
        with closing(board.come(last)) as late:
            said = read_until(late, b"data: ")
            said += b"" if said.endswith(b"\n\n") else read_until(late, b"\n\n")
            assert ids(said) == [str(MOST_KEPT + 2)] and b'"changed":null' in said


def test_a_reader_that_does_not_read_slows_nobody_and_is_let_go() -> None:
    with running() as board, closing(board.come(buffer=4096)) as slow, closing(board.come()) as quick:
        board.wait_for(2)
        number, size = 0, 8_000
        until = time.monotonic() + 20
        while board.relay.let_go == 0 and time.monotonic() < until:
            number += 1
            board.say(number, size)
            read_until(quick, f"id: {number}\n".encode())
        assert board.relay.let_go == 1 and board.relay.readers and not board.relay.behind
        assert number * size > MOST_BEHIND
        slow.settimeout(5)
        with suppress(ConnectionError):
            while slow.recv(1 << 16):
                pass  # what had come, and then the end
        with closing(board.come(str(number - 1))) as back:
            assert ids(read_until(back, f"id: {number}\n".encode())) == [str(number)]


def test_a_slow_reader_that_reads_again_loses_nothing() -> None:
    with running() as board, closing(board.come(buffer=4096)) as slow:
        board.wait_for(1)
        number = 0
        while not board.relay.behind:
            number += 1
            board.say(number, 4_000)
            time.sleep(0.002)
        assert ids(read_until(slow, f"id: {number}\n".encode())) == [str(each) for each in range(1, number + 1)]


def test_one_reader_too_many_is_told_to_come_back() -> None:
    with running(most=2) as board:
        there = [board.come() for _ in range(2)]
        board.wait_for(2)
        with closing(board.come()) as third:
            answer = read_until(third, b"later\n")
            assert answer.startswith(b"HTTP/1.1 503 ") and b"Retry-After: 60\r\n" in answer
        for reader in there:
            reader.close()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 "),
        (b"POST /events HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 "),
        (b"\x16\x03\x01\x02\r\n\r\n", b"HTTP/1.1 404 "),
        (b"GET /health HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 "),
    ],
)
def test_other_questions_are_answered_and_end(question: bytes, answer: bytes) -> None:
    with running() as board, closing(socket.create_connection(("127.0.0.1", board.port), 10)) as asker:
        asker.sendall(question)
        said = b""
        while piece := asker.recv(4096):
            said += piece
        assert said.startswith(answer)


def test_an_endless_question_is_not_kept() -> None:
    with running() as board, closing(socket.create_connection(("127.0.0.1", board.port), 10)) as asker:
        with suppress(ConnectionError):
            asker.sendall(b"GET /events?" + b"x" * 20_000)
            assert asker.recv(4096) == b""
        assert not board.relay.readers


def test_a_broken_question_costs_no_other_reader() -> None:
    with running() as board, closing(board.come()) as reader:
        board.wait_for(1)
        for junk in (
            b"\xff\xfe\r\n\r\n",
            b"GET\r\n\r\n",
            b"\r\n\r\n",
            b"GET /events?since=%00&&== HTTP/1.1\r\n:\r\n\r\n",
        ):
            with closing(socket.create_connection(("127.0.0.1", board.port), 10)) as asker:
                asker.sendall(junk)
                asker.recv(4096)
        board.say(1)
        assert ids(read_until(reader, b"id: 1\n")) == ["1"]


def test_the_same_message_twice_is_passed_on_once() -> None:
    with running() as board, closing(board.come()) as reader:
        board.wait_for(1)
        for number in (1, 1, 2):
            board.say(number)
        assert ids(read_until(reader, b"id: 2\n")) == ["1", "2"]


def test_the_header_wins_over_the_address() -> None:
    said: Any = read_question(b"GET /events?since=4&x=1 HTTP/1.1\r\nlast-event-id:  9 \r\n\r\n")
    assert said == ("/events", "9")
