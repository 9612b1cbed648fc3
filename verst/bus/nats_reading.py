"""Reading a JetStream from a place on: a consumer that the server forgets, for how far was read stands in the store."""

from __future__ import annotations

import asyncio
from typing import Any

from verst.bus import Message

FORGOTTEN_SECONDS = 60.0  # after so long without a question the server lets a consumer go


class Reading:
    """What one process reads of a stream: ``subjects`` with their partitions, each ``after`` a number."""

    def __init__(self, stream: Any, name: str, subjects: dict[str, int], after: dict[int, int]) -> None:
        self._stream, self._name, self._subjects, self.after = stream, name, subjects, dict(after)
        self._from: Any = None
        self._consumer, self._next = "", 1

    async def take(self, most: int, seconds: float) -> list[Message]:
        """The next messages. What was lost on the way is asked for again by the next call."""
        from nats.errors import TimeoutError as NothingCame

        if not self._subjects:
            await asyncio.sleep(seconds)
            return []
        if self._from is None:
            await self._begin()
        try:
            came = await self._from.fetch(most, timeout=max(0.05, seconds))
        except (TimeoutError, NothingCame):
            await self._stream.consumer_info(self._name, self._consumer)  # raises when the server has forgotten it
            return []
        return await self._in_order(came)

    async def _in_order(self, came: list[Any]) -> list[Message]:
        found = []
        for message in came:
            told = message.metadata.sequence
            if told.consumer != self._next:
                await self.close()
                break
            self._next += 1
            part = self._subjects[message.subject]
            if told.stream > self.after[part]:
                self.after[part] = told.stream
                found.append(Message(part, told.stream, message.data))
        return found

    async def _begin(self) -> None:
        from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=min(self.after.values()) + 1,
            ack_policy=AckPolicy.NONE, filter_subjects=sorted(self._subjects), inactive_threshold=FORGOTTEN_SECONDS,
            mem_storage=True, num_replicas=1,
        )  # fmt: skip
        self._consumer = (await self._stream.add_consumer(self._name, config)).name
        self._from = await self._stream.pull_subscribe_bind(consumer=self._consumer, stream=self._name)
        self._next = 1

    async def close(self) -> None:
        """Read no more; the server forgets it by itself."""
        if self._from is not None:
            held, self._from = self._from, None
            await held.unsubscribe()
