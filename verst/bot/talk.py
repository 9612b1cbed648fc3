"""What becomes of one message: an answer, an act, or nothing. The same message, memory and knowledge, the same words.

In a group the bot answers what it knows well, once, and otherwise says nothing: a wrong or empty answer among
thousands of readers costs more than a missing one. To one person alone it also says that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.ask.answers import Answer
from verst.bot.enough import SAID_OF_A_CROSSING, is_good, is_ruled, newest_of
from verst.bot.memory import Chat
from verst.bot.questions import (
    Left,
    Message,
    abouts_of,
    asks_how,
    find_question,
)
from verst.bot.wishes import Wishes, hear_wish, list_wishes, set_quiet
from verst.bot.words import load_words, say
from verst.bot.world import World, shorten
from verst.sources.scrub import scrub
from verst.work.forgetting import keep_days

LONGEST_MUTE = 24 * 7  # hours
ADMIN = frozenset(("crossing", "language", "pin", "mute", "unmute", "correct"))
_COMMAND = re.compile(r"/([A-Za-z]\w{0,63})(?:@(\w{3,64}))?(?:\s+(.*))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say. ``to``: as an answer to that message; ``edits``: instead of that one; ``pins``: keep it up."""

    text: str
    to: int | None = None
    edits: int | None = None
    pins: bool = False


def command_of(text: str, me: str) -> tuple[str, str] | None:
    """The command of a message and what follows it; None where it is none, or is for another bot.

    >>> command_of("/lars@VerstBot  now", "verstbot"), command_of("/lars@other", "verstbot"), command_of("lars", "v")
    (('lars', 'now'), None, None)
    """
    found = _COMMAND.match(text.strip())
    if found is None or (found[2] is not None and found[2].lower() != me.lower()):
        return None
    return found[1].lower(), (found[3] or "").strip()


def answer_question(world: World, memory: Chat, message: Message, at: datetime) -> Reply | Left:
    """The answer to what was asked in a group; why there is none where nothing was, or nothing good is known."""
    if memory.muted_until is not None and at < memory.muted_until:
        return Left("muted")
    found = find_question(world, memory, message, at)
    if isinstance(found, Left):
        return found
    abouts = abouts_of(world, memory, message)
    if not abouts and found.topic not in SAID_OF_A_CROSSING and found.crossing:
        abouts = (found.crossing,)  # a rule of the border that the group's title names
    lang = world.reader.language(message.text)
    named = ",".join(world.wish(message.text, None, at).crossings) or found.crossing or ",".join(abouts)
    asked = "|".join(("asked", named, found.topic, found.mode, lang))
    if not memory.is_cool(asked, at):
        return Left("answered_lately")  # before anything is looked up: a question of the hour comes many times
    loosely = asks_how(world, message, at)
    told = ask_all(world, message.text, abouts, at, loosely)
    mistaken = message.answers is not None and not alike(told.topic, found.topic)  # «а на машине?» asks on
    if mistaken or not (is_good(told, loosely=loosely) or is_ruled(told, message.text)):
        return Left("not_known")
    key = "|".join((",".join(told.places), told.topic, told.tag or "", told.mode, lang))
    if not memory.is_cool(key, at):
        return Left("answered_lately")
    memory.note(key, at)
    memory.note(asked, at)
    place = next((line.crossing for line in told.lines if line.crossing), None)
    return Reply(shorten(told, loosely=loosely) + (world.link(place, told.lang) if place else ""), to=message.id)


def alike(topic: str, other: str) -> bool:
    """Whether two topics are one, or both of how long a queue is."""
    return topic == other or (SAID_OF_A_CROSSING.get(topic) or topic) == SAID_OF_A_CROSSING.get(other)


def ask_all(world: World, text: str, abouts: Sequence[str], at: datetime, loosely: bool) -> Answer:
    """The answer about the crossing a question names, else about the group's: the newest good one of several."""
    told = [world.ask(text, next(iter(abouts), None), at)]
    if abouts and told[0].places[:1] == (abouts[0],):
        told += [world.ask(text, about, at) for about in abouts[1:]]
    good = [each for each in told if is_good(each, loosely=loosely) or is_ruled(each, text)]
    return max(good, key=newest_of) if good else told[0]


def answer_privately(world: World, message: Message, at: datetime) -> Reply:
    """The answer to one person, who is also told what nobody knows."""
    told = world.ask(message.text, None, at)
    place = next((line.crossing for line in told.lines if line.crossing), None)
    text = shorten(told) if is_good(told) else told.text[:2_000]
    return Reply((text or say(told.lang, "not_known")) + (world.link(place, told.lang) if place else ""), to=message.id)


def obey(world: World, memory: Chat, message: Message, command: str, more: str, at: datetime) -> Reply | None:
    """A command in a group; None for one the bot does not know."""
    lang = memory.lang
    if command in ADMIN and not message.admin:
        return Reply(say(lang, "admins_only"), to=message.id)
    if command in _OBEYED:
        return _OBEYED[command](world, memory, message, more, at)
    if command == "privacy":
        return Reply(say(lang, "privacy", days=keep_days()), to=message.id)
    if command in ("help", "start"):
        return Reply(say(lang, "help"), to=message.id)
    crossing = world.find(command)
    return Reply(world.digest(crossing, lang, at), to=message.id) if crossing is not None else None


def _set_crossing(world: World, memory: Chat, message: Message, more: str, at: datetime) -> Reply:
    crossing = world.find(more)
    if crossing is None:
        return Reply(say(memory.lang, "no_crossing", some=world.some_names(memory.lang)), to=message.id)
    memory.crossing = crossing.id
    return Reply(say(memory.lang, "crossing_set", name=world.name(crossing, memory.lang)), to=message.id)


def _set_language(world: World, memory: Chat, message: Message, more: str, at: datetime) -> Reply:
    if more.lower() not in load_words():
        return Reply(say(memory.lang, "no_language", known=", ".join(load_words())), to=message.id)
    memory.lang = more.lower()
    return Reply(say(memory.lang, "language_set"), to=message.id)


def _pin(world: World, memory: Chat, message: Message, more: str, at: datetime) -> Reply:
    crossing = world.find(more or memory.crossing or "")
    if crossing is None:
        return Reply(say(memory.lang, "no_crossing", some=world.some_names(memory.lang)), to=message.id)
    memory.crossing = crossing.id
    return Reply(world.digest(crossing, memory.lang, at), pins=True)


def _mute(world: World, memory: Chat, message: Message, more: str, at: datetime) -> Reply:
    hours = min(int(more), LONGEST_MUTE) if more.isdigit() and int(more) else 24
    memory.muted_until = at + timedelta(hours=hours)
    return Reply(say(memory.lang, "muted", hours=hours), to=message.id)


def _unmute(world: World, memory: Chat, message: Message, more: str, at: datetime) -> Reply:
    memory.muted_until = None
    return Reply(say(memory.lang, "unmuted"), to=message.id)


def _correct(world: World, memory: Chat, message: Message, more: str, at: datetime) -> Reply:
    if message.answers is None or not message.to_me or not more:
        return Reply(say(memory.lang, "correct_how"), to=message.id)
    return Reply(say(memory.lang, "corrected", words=scrub(more[:500])), edits=message.answers)


_OBEYED = {
    "crossing": _set_crossing,
    "language": _set_language,
    "pin": _pin,
    "mute": _mute,
    "unmute": _unmute,
    "correct": _correct,
}


def obey_privately(world: World, wishes: Wishes, message: Message, command: str, more: str, at: datetime) -> Reply:
    """A command of one person."""
    lang = message.lang
    if command == "watch":
        return Reply(hear_wish(world, wishes, message.chat, more, lang), to=message.id)
    if command == "quiet":
        return Reply(set_quiet(wishes, message.chat, more, lang), to=message.id)
    if command == "list":
        return Reply(list_wishes(world, wishes, message.chat, lang), to=message.id)
    if command == "stop":
        wishes.forget(message.chat)
        return Reply(say(lang, "stopped"), to=message.id)
    if command == "privacy":
        return Reply(say(lang, "privacy", days=keep_days()), to=message.id)
    crossing = world.find(command) if command not in ("start", "help") else None
    return Reply(world.digest(crossing, lang, at) if crossing is not None else say(lang, "start"), to=message.id)
