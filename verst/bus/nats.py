"""A bus over NATS with JetStream: for any number of processes on any number of machines.

Streams are files of the server; what was acknowledged survives the end of every process, the server's too. Its Python
client is asynchronous: it runs in a thread of its own, and whoever calls waits for it. No message repeats the address.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from verst.bus import AWAY_SECONDS, PARTS, STREAMS, Bus, Carrier, Item, Message
from verst.errors import BadSetting, BusError, BusFull

if TYPE_CHECKING:
    from verst.bus.nats_reading import Reading

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 5.0  # for one question to the server; while it is away, questions wait so long
AT_ONCE = 256  # items on their way to the server
MOST = 1_000_000  # messages of one stream: then whoever puts more is told that there is no room
KEPT = timedelta(days=7)  # no word stays longer on the bus, whoever reads it or not
KNOWN = timedelta(minutes=2)  # for which an id is known
NO_ROOM = 10_077  # what JetStream calls it
_Told = TypeVar("_Told")


class NatsBus:
    """The Bus protocol over one connection, which is made anew by itself when it breaks."""

    def __init__(self, url: str, prefix: str) -> None:
        self._prefix, self._readings = prefix, dict[str, "Reading"]()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="bus", daemon=True)
        self._thread.start()
        self._client: Any = None
        try:
            self._wait(self._open(url))
        except BaseException:
            self.close()
            raise

    def put(self, stream: str, items: Sequence[Item]) -> int:
        """Put items in this order; gives how many were new. On the server's disk when this returns."""
        return self._wait(self._put(stream, items))

    def take(self, stream: str, after: Mapping[int, int], most: int, seconds: float) -> list[Message]:
        """Messages of these partitions after the number given for each, in order."""
        return self._wait(self._take(stream, dict(after), most, seconds), seconds)

    def drop(self, stream: str, until: Mapping[int, int]) -> None:
        """Messages of these partitions up to these numbers are done with."""
        self._wait(self._drop(stream, until))

    def waiting(self, stream: str) -> int:
        """How many messages there are that were not dropped."""
        return int(self._wait(self._stream.stream_info(self._name(stream))).state.messages)

    def era(self, stream: str) -> str:
        """When the stream was made, as the server says."""
        return str(self._wait(self._stream.stream_info(self._name(stream))).created)

    def here(self, role: str, name: str) -> list[str]:
        """Say that a worker is here; gives all of that role that are."""
        return self._wait(self._say_here(role, name))

    def gone(self, role: str, name: str) -> None:
        """Say that a worker is here no more."""
        self._wait(self._stream.purge_stream(self._name("here"), subject=f"{self._prefix}.here.{role}.{name}"))

    def close(self) -> None:
        """Let go of the connection and its thread."""
        if self._client is not None and self._loop.is_running():
            asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).exception(ANSWER_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ANSWER_SECONDS)
        self._client = None

    def _wait(self, work: Coroutine[Any, Any, _Told], seconds: float = 0.0) -> _Told:
        with told_in_words():
            asked = asyncio.run_coroutine_threadsafe(work, self._loop)
            try:
                return asked.result(seconds + 2 * ANSWER_SECONDS)
            finally:
                asked.cancel()

    def _name(self, stream: str) -> str:
        return f"{self._prefix}-{stream}"

    async def _open(self, url: str) -> None:
        import nats
        from nats.errors import AuthorizationError

        faults: list[object] = []

        async def silent(*fault: object) -> None:
            """What goes wrong is told to whoever asks; nothing is logged here."""
            faults[:] = [*faults, *fault][-9:]

        parts = urlsplit(url)
        connecting = nats.connect(
            parts._replace(path="", query="", fragment="").geturl(), name="verst", allow_reconnect=True,
            max_reconnect_attempts=-1, reconnect_time_wait=0.5, connect_timeout=CONNECT_SECONDS, error_cb=silent,
            disconnected_cb=silent, reconnected_cb=silent, closed_cb=silent,
        )  # fmt: skip
        trying = asyncio.ensure_future(connecting)
        for _ in range(int(CONNECT_SECONDS / 0.1)):
            await asyncio.wait([trying], timeout=0.1)
            if trying.done() or faults:
                break
        await asyncio.wait([trying], timeout=0.5)
        if not trying.done() or trying.exception() is not None:
            trying.cancel()
            raise AuthorizationError if "uthorization" in repr(faults) else TimeoutError
        self._client = trying.result()
        self._stream = self._client.jetstream(timeout=ANSWER_SECONDS)
        await self._make_streams()

    async def _make_streams(self) -> None:
        """Make the streams that are not there yet; what others made stays as it is."""
        from nats.js.api import DiscardPolicy, StorageType, StreamConfig
        from nats.js.errors import NotFoundError

        kept = {"max_msgs": MOST, "discard": DiscardPolicy.NEW, "max_age": KEPT.total_seconds(),
                "duplicate_window": KNOWN.total_seconds()}  # fmt: skip
        away = {"max_msgs_per_subject": 1, "max_age": AWAY_SECONDS, "duplicate_window": 1.0}
        wanted: dict[str, dict[str, Any]] = dict.fromkeys(STREAMS, kept) | {"here": away}
        for stream, how in wanted.items():
            name, subjects = self._name(stream), [f"{self._prefix}.{stream}.>"]
            try:
                await self._stream.stream_info(name)
            except NotFoundError:
                config = StreamConfig(name=name, subjects=subjects, storage=StorageType.FILE, num_replicas=1, **how)
                await self._stream.add_stream(config)

    async def _put(self, stream: str, items: Sequence[Item]) -> int:
        new = 0
        for start in range(0, len(items), AT_ONCE):
            sent = [
                self._stream.publish(
                    f"{self._prefix}.{stream}.{item.part}", item.data, headers={"Nats-Msg-Id": item.id}
                )
                for item in items[start : start + AT_ONCE]
            ]
            new += sum(not told.duplicate for told in await asyncio.gather(*sent))
        return new

    async def _take(self, stream: str, after: dict[int, int], most: int, seconds: float) -> list[Message]:
        from verst.bus.nats_reading import Reading

        reading = self._readings.get(stream)
        if reading is None or reading.after != after:
            if reading is not None:
                await reading.close()
            subjects = {f"{self._prefix}.{stream}.{part}": part for part in after}
            reading = Reading(self._stream, self._name(stream), subjects, after)
            self._readings[stream] = reading
        try:
            found = await reading.take(most, seconds)
        except BaseException:
            self._readings.pop(stream, None)
            await reading.close()
            raise
        return found

    async def _drop(self, stream: str, until: Mapping[int, int]) -> None:
        sent = [
            self._stream.purge_stream(self._name(stream), seq=number + 1, subject=f"{self._prefix}.{stream}.{part}")
            for part, number in until.items()
        ]
        await asyncio.gather(*sent)

    async def _say_here(self, role: str, name: str) -> list[str]:
        from nats.js.errors import NoStreamResponseError

        try:
            await self._stream.publish(f"{self._prefix}.here.{role}.{name}", b"")
        except NoStreamResponseError:  # the server has lost its disk, or is not ready
            await self._make_streams()
            await self._stream.publish(f"{self._prefix}.here.{role}.{name}", b"")
        told = await self._stream.stream_info(self._name("here"), subjects_filter=f"{self._prefix}.here.{role}.>")
        return sorted(subject.rpartition(".")[2] for subject in told.state.subjects or {})


@contextmanager
def told_in_words() -> Iterator[None]:
    """Say in words what NATS says in codes."""
    import nats.errors
    from nats.js.errors import APIError, NoStreamResponseError, ServiceUnavailableError

    unreachable = "the bus at NATS cannot be reached; see that the server runs, and check the address"
    try:
        yield
    except (NoStreamResponseError, ServiceUnavailableError) as error:
        raise BusError("the NATS server has no JetStream, or it is not ready; start it with -js -sd FOLDER") from error
    except APIError as error:
        if error.err_code == NO_ROOM or "maximum" in str(error.description):
            raise BusFull("the bus at NATS: no room is left on it; what reads from it is behind") from error
        raise BusError(f"the bus at NATS refused ({error.description}); see the server's log") from error
    except nats.errors.AuthorizationError as error:
        raise BusError("the bus at NATS does not know this name and password; check the address") from error
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise BusError(unreachable) from error


def open_nats(url: str) -> Bus:
    """The bus at ``nats://user:password@host:port/prefix`` (``tls://`` likewise). Raises BadSetting and BusError."""
    parts = urlsplit(url)
    prefix = parts.path.strip("/") or "verst"
    if not parts.hostname or not re.fullmatch(r"[a-z0-9_-]{1,32}", prefix):
        raise BadSetting("the address of the bus names no server, or a prefix of odd letters; write nats://host:4222")
    try:
        import nats  # noqa: F401
    except ImportError:
        raise BadSetting("a bus at nats:// needs nats-py; install it: pip install 'verst[bus]'") from None
    return NatsBus(url, prefix)


BUS = Carrier(schemes=("nats", "tls"), open=open_nats)
__all__ = ["BUS", "PARTS", "NatsBus", "open_nats"]
