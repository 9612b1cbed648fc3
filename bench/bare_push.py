"""The peer of `bench.serve`: a bare uvloop server that holds connections and writes the same bytes to all of them.

``python -m bench.bare_push PORT``: each line of its input, as JSON of a string, is pushed. Several may share the port.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from typing import cast

import uvloop

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: listening\n\n"


class Holds(asyncio.Protocol):
    """A connection that is answered and held."""

    held: set[asyncio.Transport] = set()  # noqa: RUF012  # all connections of this process

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(HEAD)
        self.held.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.held.discard(self.transport)


async def main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    loop = asyncio.get_running_loop()
    await loop.create_server(Holds, "127.0.0.1", int(sys.argv[1]), backlog=4096, reuse_port=True)
    lines = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print("ready", flush=True)
    while line := await lines.readline():
        words = json.loads(line).encode()
        for transport in list(Holds.held):
            transport.write(words)


if __name__ == "__main__":
    uvloop.run(main())
