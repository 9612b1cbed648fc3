"""Which messages of a group the bot may answer, and whether what is known is good enough to be said to everybody."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from verst.ask.wish import Wish
from verst.bot.enough import CARE, REFUSED, SAID_OF_A_CROSSING, THINGS
from verst.bot.memory import Chat
from verst.bot.words import has_words
from verst.bot.world import World
from verst.model import Chat as Place
from verst.model import Post, Question
from verst.model import Reply as ReplyTo

PERMISSION = "let refuse may may_not"
HOW_IS_IT = "q_how"  # «как там?»
PRICE = 100  # from which on a figure is of money
SHORT = 6  # tokens: «ну а на велике?» has no verb
LONGEST_QUESTION = 400  # characters; a longer message tells more than it asks
BY_WORDS = ("vehicle", "pets", "customs", "documents", "child")  # rules of which many things are said that ask nothing
HOW_MUCH = ("сколько", "почем", "почём", "скільки", "how", "كم")
LAUGHS = re.compile("[😂🤣😅😆😁😄😹🙃🤡]")
MUCH = 3  # times
SHORT_WORD = 3  # letters
_WORDS = re.compile(r"\w+")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")


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
    "muted", "forwarded", "too_long", "no_question", "asks_otherwise", "joke", "ad", "to_somebody", "not_known",
    "answered_lately",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """A message that is left alone, and why."""

    why: Why


def find_question(world: World, memory: Chat, message: Message, at: datetime) -> Question | Left:
    """The question of a message; why it is none for the bot: an ad, a joke, who, where to or why, somebody else's."""
    if len(message.text) > LONGEST_QUESTION:
        return Left("too_long")
    message = replace(message, text=_QUOTED.sub(" ", message.text))  # what others asked is not asked here
    about = next(iter(abouts_of(world, memory, message)), None)
    wish = world.wish(message.text, about, at)
    named = world.named(message.text)
    plain = _is_plain(wish, message.text) or (named and asks_how(world, message, at))
    if is_joke(message.text):
        return Left("joke")
    idle = wish.intent in REFUSED or is_rhetorical(message.text) or has_words(message.text, "idle")
    if idle or (asks_otherwise(message.text) and not plain):
        return Left("asks_otherwise")
    post = _as_post(about, message, at)
    read = world.reader.read(post)
    if read.ad and wish.intent not in CARE:  # who asks whether an offer is a swindle tells of the offer
        return Left("ad")
    found: Question | None = read.question or (_as_question(wish) if plain else None)
    if found is None:
        return Left("no_question")
    open_ = (plain and named) or (_is_open(world, message, at) and (read.question or not message.answers))
    if not open_:
        return Left("to_somebody")
    if found.topic in BY_WORDS and not has_words(message.text, "needs"):
        return Left("asks_otherwise")
    if found.topic == "mode_rule" and not _asks_of_permission(world, post):
        return Left("asks_otherwise")
    return found


def _is_plain(wish: Wish, text: str) -> bool:
    """Whether a question is plain from what it wants alone, however it is put: a thing by name, the tail, a rule, two
    crossings side by side, whether a rumour is true, what to do in need.
    """
    if "?" not in text and wish.intent != "digest":
        return False
    compares = len(wish.crossings) > 1 and wish.topic in ("wait", "queue_length", "queue_count")
    named = wish.tag is not None and wish.topic in THINGS
    rule = wish.topic not in SAID_OF_A_CROSSING and has_words(text, "needs")
    tail = wish.topic in ("queue_length", "queue_count") and asks_otherwise(text)  # «где хвост?»
    rumour = wish.intent == "rumour" and has_words(text, "rumours")
    return compares or named or rule or tail or rumour or wish.topic == "flow" or wish.intent in (*CARE, "digest")


def _as_question(wish: Wish) -> Question:
    return Question(topic=wish.topic, crossing=wish.crossings[0] if wish.crossings else None, mode=wish.mode)


def is_joke(text: str) -> bool:
    """Whether somebody laughs at what they ask, or answers it themselves in the same breath.

    >>> is_joke("Где хвост? Хвост у кота"), is_joke("а детский годится? 😅"), is_joke("где хвост? едем из Читы")
    (True, True, False)
    """
    asked, mark, rest = text.partition("?")
    then = _WORDS.findall(rest.lower())
    return bool(LAUGHS.search(text)) or bool(mark and then and len(then[0]) > SHORT_WORD and
                                             then[0] in _WORDS.findall(asked.lower()))  # fmt: skip


def is_rhetorical(text: str) -> bool:
    """Whether somebody asks how much again and again, and wants no figure.

    >>> is_rhetorical("Сколько часов, сколько километров, сколько жизней?"), is_rhetorical("сколько стоять?")
    (True, False)
    """
    said = _WORDS.findall(text.lower())
    return any(said.count(word) >= MUCH for word in HOW_MUCH)


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


def asks_how(world: World, message: Message, at: datetime) -> bool:
    """Whether somebody asks how it is there: «как там?», «Брусничное как?»"""
    last = _WORDS.findall(message.text.lower().partition("?")[0])[-1:]
    return last in (["как"], ["як"]) or asks_with(world, message, at, HOW_IS_IT)


def asks_with(world: World, message: Message, at: datetime, concepts: str) -> bool:
    """Whether a message has words that stand for one of these concepts of reading."""
    scene = world.reader.lay_out(_as_post(world.about(message.title), message, at), message.text)
    return scene is not None and bool(scene.has(concepts))


def asks_otherwise(text: str) -> bool:
    """Whether something is asked that no board answers: who decided, where to put, why.

    >>> asks_otherwise("кто разрешил пешеходов?"), asks_otherwise("кто знает, пешком пускают?")
    (True, False)
    """
    return has_words(text, "others")


def _names_a_place(world: World, message: Message, at: datetime) -> bool:
    alone = replace(message, title="", answered="")
    read = world.reader.read(_as_post(None, alone, at))
    return read.question is not None and bool(read.question.crossing)


def abouts_of(world: World, memory: Chat, message: Message) -> tuple[str, ...]:
    """The crossings a group is about: the one its admins said, else those its title names."""
    return (memory.crossing,) if memory.crossing else world.abouts(message.title)


def _as_post(about: str | None, message: Message, at: datetime) -> Post:
    chat = Place(title=message.title, kind="group", about=about)
    before = ReplyTo(text=message.answered) if message.answered else None
    return Post(id="asked", chat=chat, posted_at=at, text=message.text, reply_to=before)
