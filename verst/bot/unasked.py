"""What is said without being asked: digests that were pinned, kept up to date, and what people asked to be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from verst.bot.memory import all_chats, as_state, recall
from verst.bot.outgoing import ALERT, DIGEST, Parcel
from verst.bot.wishes import Person, Wishes, alerts_for, waits_under
from verst.bot.words import say
from verst.bot.world import World
from verst.store import Batch, outbox_of
from verst.web.alert_words import write_alert
from verst.web.phrases import say_age, say_amount
from verst.web.texts import choose_tongue

PIN_EVERY = timedelta(minutes=5)
ALERTS_OF = timedelta(days=1)
MOST_TOLD = 200  # alerts remembered of a person


def due(world: World, wishes: Wishes, at: datetime) -> list[Parcel]:
    """What is to be said at ``at``; it is noted as said."""
    return [*_digests(world, at), *_alerts(world, wishes, at)]


def _digests(world: World, at: datetime) -> Iterable[Parcel]:
    for chat in all_chats(world.store.states()):
        memory = recall(world.store, chat)
        crossing = world.find(memory.crossing or "")
        if memory.pinned is None or crossing is None:
            continue
        if memory.pinned_at is None or at - memory.pinned_at >= PIN_EVERY:
            yield Parcel(chat, world.digest(crossing, memory.lang, at), DIGEST, edits=memory.pinned)
            memory.pinned_at = at
            world.store.keep(Batch(states=[as_state(chat, memory)]))


def _alerts(world: World, wishes: Wishes, at: datetime) -> list[Parcel]:
    """Each once: what is to be told is noted as told before it is sent."""
    alerts = outbox_of(world.store).alerts(since=at - ALERTS_OF)
    found: list[Parcel] = []
    for chat, person in list(wishes.people.items()):
        for alert in alerts_for(person, alerts, world, at):
            words = write_alert(alert, person.lang or "en", world.regions, world.kinds)
            found.append(Parcel(chat, f"{words.title}\n{words.body}", ALERT))
            person.told = [*person.told, alert.id][-MOST_TOLD:]
        found += _waits(world, chat, person, at)
    if found:
        wishes.save()
    return found


def _waits(world: World, chat: int, person: Person, at: datetime) -> Iterable[Parcel]:
    tongue = choose_tongue(person.lang, None)
    for wish, told in waits_under(person, world, at):
        wish.told = True
        crossing = world.find(wish.crossing)
        name = world.name(crossing, person.lang) if crossing is not None else wish.crossing
        age = say_age(tongue, at - (told.newest or at))
        shown = say_amount(tongue, told.kind, told.p10 or 0.0, told.p90 or 0.0)
        text = say(
            person.lang, "is_under", name=name, range=shown, age=age, voices=told.voices, hours=f"{wish.under:g}"
        )
        yield Parcel(chat, text, ALERT)
