"""What becomes of one message: an answer, an act, or nothing. The same message, memory and knowledge, the same words.

In a group the bot answers what it knows well, once, and otherwise says nothing: a wrong or empty answer among
thousands of readers costs more than a missing one. To one person alone it also says that nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from verst.ask.answers import Answer, Line
from verst.bot.memory import Chat
from verst.bot.wishes import Wishes, hear_wish, list_wishes, set_quiet
from verst.bot.words import load_words, say
from verst.bot.world import World, shorten
from verst.model import Chat as Place
from verst.model import Post
from verst.work.forgetting import keep_days

PERMISSION = "let refuse may may_not"
PRICE = 100  # from which on a figure is of money
SHORT = 6  # tokens: «ну а на велике?» has no verb
LONGEST_QUESTION = 400  # characters; a longer message tells more than it asks
LONGEST_MUTE = 24 * 7  # hours
ANSWERED = ("wait", "queue_length", "queue_count", "passage", "mode_rule")  # in a group: what the board is about
ADMIN = frozenset(("crossing", "language", "pin", "mute", "unmute", "correct"))
_WORDS = re.compile(r"\w+")
_COMMAND = re.compile(r"/([A-Za-z]\w{0,63})(?:@(\w{3,64}))?(?:\s+(.*))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote. ``answers``: the message it answers; ``to_me``: that is the bot's; ``admin``: in a group."""

    chat: int
    id: int
    text: str
    private: bool = False
    title: str = ""
    answers: int | None = None
    to_me: bool = False
    admin: bool = False
    lang: str | None = None  # of the writer's app, in private


# Why a message of a group is left alone. ``asks_otherwise``: what no board answers; ``to_somebody``: who is answered is
# asked; ``not_known``: nothing fresh, or not well enough for everybody; ``answered_lately``: within the cool-down.
Why = Literal[
    "muted", "forwarded", "too_long", "no_question", "asks_otherwise", "ad", "to_somebody", "not_known",
    "answered_lately",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """A message that is left alone, and why."""

    why: Why


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
    if (why := _why_not(world, memory, message, at)) is not None:
        return Left(why)
    told = world.ask(message.text, _about(world, memory, message), at)
    if message.answers is not None and not message.to_me and not _names_a_place(world, message, at):
        return Left("to_somebody")
    if not is_good(told):
        return Left("not_known")
    key = "|".join((",".join(told.places), told.topic, told.mode))
    if not memory.is_cool(key, at):
        return Left("answered_lately")
    memory.note(key, at)
    place = next((line.crossing for line in told.lines if line.crossing), None)
    return Reply(shorten(told.lines) + (world.link(place, told.lang) if place else ""), to=message.id)


def is_good(told: Answer) -> bool:
    """Whether an answer may be said to everybody: fresh, from somebody, about a place; or a rule with its source."""
    if not told.places or told.topic not in ANSWERED:
        return False
    fresh = any(_is_fresh(line) for line in told.lines)
    ruled = told.topic == "mode_rule" and any(line.what == "rule" and line.link for line in told.lines)
    return (told.outcome == "known" and fresh) or (ruled and told.outcome in ("known", "stale", "nobody"))


def _is_fresh(line: Line) -> bool:
    return line.what == "practice" and not line.stale and line.voices > 0


def _why_not(world: World, memory: Chat, message: Message, at: datetime) -> Why | None:
    """Why a message is no question of the road: an ad, a joke, who, where to or why; None where it is one."""
    if len(message.text) > LONGEST_QUESTION:
        return "too_long"
    if asks_otherwise(message.text):
        return "asks_otherwise"
    post = _as_post(_about(world, memory, message), message, at)
    read = world.reader.read(post)
    if read.ad:
        return "ad"
    if read.question is None:
        return "no_question"
    told = read.question.topic == "mode_rule" and not _asks_of_permission(world, post)
    return "asks_otherwise" if told else None


def _asks_of_permission(world: World, post: Post) -> bool:
    """Whether somebody asks who is let through: «а на велике?», «пешком пускают?», but not what to take on the way."""
    scene = world.reader.lay_out(post, post.text)
    if scene is None or any(amount.value >= PRICE for amount in scene.amounts):
        return False  # «велосипед за сто тысяч видели?»
    return len(scene.toks) <= SHORT or scene.has(PERMISSION)


def asks_otherwise(text: str) -> bool:
    """Whether something is asked that no board answers: who decided, where to put, why.

    >>> asks_otherwise("кто разрешил пешеходов?"), asks_otherwise("кто знает, пешком пускают?")
    (True, False)
    """
    said = f" {' '.join(_WORDS.findall(text.lower()))} "
    return any(f" {ways.strip()} " in said for words in load_words().values() for ways in words["others"].split(","))


def _names_a_place(world: World, message: Message, at: datetime) -> bool:
    read = world.reader.read(_as_post(None, message, at))
    return read.question is not None and bool(read.question.crossing)


def _about(world: World, memory: Chat, message: Message) -> str | None:
    """The crossing a group is about: as its admins said, else as its title says."""
    return memory.crossing or world.about(message.title)


def _as_post(about: str | None, message: Message, at: datetime) -> Post:
    chat = Place(title=message.title, kind="group", about=about)
    return Post(id="asked", chat=chat, posted_at=at, text=message.text)


def answer_privately(world: World, message: Message, at: datetime) -> Reply:
    """The answer to one person, who is also told what nobody knows."""
    told = world.ask(message.text, None, at)
    place = next((line.crossing for line in told.lines if line.crossing), None)
    text = shorten(told.lines) if is_good(told) else told.text[:2_000]
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
    return Reply(say(memory.lang, "corrected", words=more[:500]), edits=message.answers)


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
