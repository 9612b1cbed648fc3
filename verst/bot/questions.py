"""Which messages of a group the bot may answer, and whether what is known is good enough to be said to everybody."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from verst.ask.answers import Answer, Line
from verst.bot.memory import Chat
from verst.bot.words import load_words
from verst.bot.world import World
from verst.model import Chat as Place
from verst.model import Post, Question
from verst.model import Reply as ReplyTo

PERMISSION = "let refuse may may_not"
HOW_IS_IT = "q_how"  # «как там?»
PRICE = 100  # from which on a figure is of money
SHORT = 6  # tokens: «ну а на велике?» has no verb
LONGEST_QUESTION = 400  # characters; a longer message tells more than it asks
_LENGTHS = ("wait", "queue_length", "queue_count")
# In a group: what the board is about, and which of its kinds say just that. Other topics are those of rules.
SAID_OF_A_CROSSING: dict[str, tuple[str, ...]] = {
    "wait": _LENGTHS, "queue_length": _LENGTHS, "queue_count": _LENGTHS, "passage": ("passage",),
    "mode_rule": ("mode_rule",), "throughput": (), "flow": (), "price": (), "service": (), "event": (), "rule": (),
    "other": (),
}  # fmt: skip
_ANY_NEWS = ("known", "stale", "nobody")
LEAST_IN_DISPUTE = 3  # voices: one against another leaves a figure open
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote. ``answers``: the message it answers, ``answered``: what that says; ``to_me``: that is the
    bot's; ``admin``: in a group.
    """

    chat: int
    id: int
    text: str
    private: bool = False
    title: str = ""
    answers: int | None = None
    answered: str = ""
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


def is_good(told: Answer, *, loosely: bool = False) -> bool:
    """Whether an answer may be said to everybody: about a place, and either a rule on what was asked with its source,
    or fresh words on just that, which are not one voice against another.

    ``loosely``: who asks how it is there is helped by a wait, too; who asks whether they let through is not.
    """
    if not told.places:
        return False
    if told.topic not in SAID_OF_A_CROSSING:
        return any(line.what == "rule" and line.tag == told.topic for line in told.lines)
    if told.topic == "mode_rule" and any(line.what == "rule" and line.link for line in told.lines):
        return told.outcome in _ANY_NEWS
    kinds = SAID_OF_A_CROSSING[told.topic]
    if loosely and told.topic == "passage" and told.outcome in _ANY_NEWS:
        return any(_is_sure(line) and line.kind in (*kinds, *_LENGTHS) for line in told.lines)
    return told.outcome == "known" and any(_is_sure(line) and line.kind in kinds for line in told.lines)


def _is_sure(line: Line) -> bool:
    """Whether a line says lately, and surely enough for everybody, what people saw."""
    fresh = line.what == "practice" and not line.stale and line.voices > 0
    return fresh and (not line.disputed or line.voices >= LEAST_IN_DISPUTE)


def find_question(world: World, memory: Chat, message: Message, at: datetime) -> Question | Left:
    """The question of a message; why it is none for the bot: an ad, a joke, who, where to or why, somebody else's."""
    if len(message.text) > LONGEST_QUESTION:
        return Left("too_long")
    if asks_otherwise(message.text):
        return Left("asks_otherwise")
    post = _as_post(about_of(world, memory, message), message, at)
    read = world.reader.read(post)
    if read.ad:
        return Left("ad")
    if read.question is None:
        return Left("no_question")
    if not _is_open(world, message, at):
        return Left("to_somebody")
    if read.question.topic == "mode_rule" and not _asks_of_permission(world, post):
        return Left("asks_otherwise")
    found: Question = read.question
    return found


def _is_open(world: World, message: Message, at: datetime) -> bool:
    """Whether anybody may answer: not what is asked of somebody who told something, unless it names a place; what is
    asked on after a question is open as that was («а на самокате?» to «пешком пускают?»).
    """
    if message.answers is None or message.to_me or _names_a_place(world, message, at):
        return True
    before = replace(message, text=message.answered, answers=None, answered="")
    read = world.reader.read(_as_post(world.about(message.title), before, at))
    return read.question is not None and not read.claims


def _asks_of_permission(world: World, post: Post) -> bool:
    """Whether somebody asks who is let through: «а на велике?», «пешком пускают?», but not what to take on the way."""
    scene = world.reader.lay_out(post, post.text)
    if scene is None or any(amount.value >= PRICE for amount in scene.amounts):
        return False  # «велосипед за сто тысяч видели?»
    return len(scene.toks) <= SHORT or scene.has(PERMISSION)


def asks_with(world: World, message: Message, at: datetime, concepts: str) -> bool:
    """Whether a message has words that stand for one of these concepts of reading."""
    scene = world.reader.lay_out(_as_post(world.about(message.title), message, at), message.text)
    return scene is not None and bool(scene.has(concepts))


def asks_otherwise(text: str) -> bool:
    """Whether something is asked that no board answers: who decided, where to put, why.

    >>> asks_otherwise("кто разрешил пешеходов?"), asks_otherwise("кто знает, пешком пускают?")
    (True, False)
    """
    said = f" {' '.join(_WORDS.findall(text.lower()))} "
    return any(f" {ways.strip()} " in said for words in load_words().values() for ways in words["others"].split(","))


def _names_a_place(world: World, message: Message, at: datetime) -> bool:
    alone = replace(message, title="", answered="")
    read = world.reader.read(_as_post(None, alone, at))
    return read.question is not None and bool(read.question.crossing)


def about_of(world: World, memory: Chat, message: Message) -> str | None:
    """The crossing a group is about: as its admins said, else as its title says."""
    return memory.crossing or world.about(message.title)


def _as_post(about: str | None, message: Message, at: datetime) -> Post:
    chat = Place(title=message.title, kind="group", about=about)
    before = ReplyTo(text=message.answered) if message.answered else None
    return Post(id="asked", chat=chat, posted_at=at, text=message.text, reply_to=before)
