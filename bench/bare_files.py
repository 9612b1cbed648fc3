"""The peer of `bench.static`: a bare uvloop server that answers every request with the same bytes, which it has ready.

``python -m bench.bare_files PORT FILE``: the file as a packed page; no file: 304, and nothing.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import cast

import uvloop


class Answers(asyncio.Protocol):
    """A connection on which each request gets the same."""

    words = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.words * data.count(b"\r\n\r\n"))


async def main() -> None:
    port, file = int(sys.argv[1]), sys.argv[2]
    body = Path(file).read_bytes() if file else b""
    head = f"200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}" if file else "304 Not Modified"
    Answers.words = f"HTTP/1.1 {head}\r\nContent-Type: text/html\r\n\r\n".encode() + body
    server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", port, backlog=1024)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
