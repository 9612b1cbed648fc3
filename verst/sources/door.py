"""The door: the only place that makes a Post. Names stand in a RawPost and nowhere after it."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from verst.errors import BadSetting
from verst.model import Chat, ChatKind, Claim, Post, Reply, Skipped
from verst.sources.links import public_url
from verst.sources.people import People
from verst.sources.scrub import scrub

LONGEST_TEXT = 20_000  # characters
LONGEST_REPLY = 1_000
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)

# Controls, and signs that cannot be seen and would let a number slip past the scrubbing (joiners inside emoji stay).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0001-\U000e007f]"
)
_MOST_MARKS = 8  # over one letter: no script needs more, and putting thousands of them in order takes long
_MANY_SIGNS = re.compile(r"[^\w\s\x00-\x7f]{32}")  # marks, or emoji
_BREAK = re.compile(r" ?<br ?/?> ?", re.IGNORECASE)
_HARMLESS_ID = re.compile(r"[A-Za-z-]{0,20}(?:[0-9a-f]{1,8}-)?[0-9]{1,8}")
_PLAIN_ID = re.compile(r"[\w.:#/=&?%~+-]{1,300}")


@dataclass(slots=True, kw_only=True)
class RawPost:
    """What a source found, names and all. It never leaves this package; ``file`` and ``line`` are for messages."""

    id: str
    chat_title: str
    chat_kind: ChatKind
    posted_at: datetime  # aware
    text: str
    about: str | None = None
    offset_minutes: int = 0
    topic: str | None = None  # title of the forum topic it stands in
    lang: str | None = None
    author: str | None = None  # identity on its platform, such as ``tg:user1234``
    reply_post: str | None = None
    reply_text: str | None = None
    edited_at: datetime | None = None
    forwarded_from: str | None = None
    forwarded_at: datetime | None = None
    url: str | None = None
    media: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()  # where its pictures lie, beside the file it stands in
    facts: tuple[str, ...] = ()
    label: str | None = None
    official: bool = False
    given: tuple[Claim, ...] = ()
    people: People | None = None  # display names of those who write in the same chats
    file: str = ""
    line: int | None = None


class Door:
    """Scrubs words, hashes identities, turns times to UTC.

    ``key``: at least 16 random bytes; whoever lacks it cannot find an author again.
    ``about_of``: tells from a chat's title which one crossing the chat is about, where the source does not say.
    """

    def __init__(self, key: bytes, *, about_of: Callable[[str], str | None] | None = None) -> None:
        if len(key) < 16:
            raise BadSetting("the key of the door is shorter than 16 bytes; make one with Door.from_key_file")
        self._key = blake2b(key, digest_size=32).digest()
        self._about_of = about_of
        self._hashes: dict[str, str] = {}
        self._chats: dict[tuple[str, ChatKind, str | None, str | None], Chat] = {}

    @classmethod
    def from_key_file(cls, path: Path, *, about_of: Callable[[str], str | None] | None = None) -> Door:
        """The door whose key lies in ``path``; a random key, readable by its owner alone, is put there if none is.

        Raises BadSetting when the file cannot be read or written, or holds no key.
        """
        return cls(read_key(path), about_of=about_of)

    def admit(self, raw: RawPost, prints: tuple[str, ...] = ()) -> tuple[Post | Skipped, ...]:
        """The Post of what a source found; a Skipped beside it when its text was cut, or alone when it is no use.

        ``prints``: of its pictures, where somebody looked at them.
        """
        wrong = _wrong_time(raw)
        if wrong is not None:
            return (wrong,)
        text = clean(raw.text)
        cut = len(text) > LONGEST_TEXT
        scrubbed = scrub(text[:LONGEST_TEXT] if cut else text, people=raw.people, named=raw.chat_kind != "news")
        post = Post(
            id=self._public_id(raw.id),
            chat=self._chat(raw),
            posted_at=raw.posted_at if raw.posted_at.tzinfo is UTC else raw.posted_at.astimezone(UTC),
            text=scrubbed,
            offset_minutes=raw.offset_minutes,
            lang=raw.lang,
            author=self.hash(raw.author),
            reply_to=self._reply(raw),
            edited_at=_utc(raw.edited_at),
            forwarded_from=self.hash(raw.forwarded_from),
            forwarded_at=_utc(raw.forwarded_at),
            url=public_url(raw.url) if raw.url else None,
            media=raw.media,
            prints=prints,
            facts=raw.facts,
            label=scrub(clean(raw.label)) if raw.label else None,
            official=raw.official,
            given=raw.given,
        )
        if not cut:
            return (post,)
        what = f"the text is longer than {LONGEST_TEXT:,} characters; the rest of it was left out"
        return post, Skipped(file=raw.file, line=raw.line, field="text", what=what)

    def hash(self, identity: str | None) -> str | None:
        """16 hex digits that stand for an identity under this key; None for nobody.

        >>> door = Door(b"k" * 32)
        >>> door.hash("tg:user1") == door.hash("tg:user1"), len(door.hash("tg:user1") or "")
        (True, 16)
        """
        if not identity:
            return None
        known = self._hashes.get(identity)
        if known is None:
            if len(self._hashes) >= 20_000:  # names live in memory only while they are met, and not without bound
                self._hashes.clear()
            known = blake2b(identity.encode("utf-8", "replace"), key=self._key, digest_size=8).hexdigest()
            self._hashes[identity] = known
        return known

    def _public_id(self, given: str) -> str:
        if _PLAIN_ID.fullmatch(given) and (_HARMLESS_ID.fullmatch(given) or scrub(given) == given):
            return given
        return f"id-{self.hash(given)}"

    def _chat(self, raw: RawPost) -> Chat:
        key = (raw.chat_title, raw.chat_kind, raw.about, raw.topic)
        chat = self._chats.get(key)
        if chat is None:
            if len(self._chats) >= 10_000:
                self._chats.clear()
            chat = self._chats[key] = self._new_chat(raw)
        return chat

    def _new_chat(self, raw: RawPost) -> Chat:
        title = scrub(clean(raw.chat_title))[:200]
        topic = scrub(clean(raw.topic))[:200] if raw.topic else None
        about = (self._about_of(topic) if topic and self._about_of else None) or raw.about
        if about is None and self._about_of is not None:
            about = self._about_of(title)
        return Chat(title=f"{title} › {topic}" if topic else title, kind=raw.chat_kind, about=about)

    def _reply(self, raw: RawPost) -> Reply | None:
        if raw.reply_post is None and raw.reply_text is None:
            return None
        text = raw.reply_text
        if text is not None:
            text = scrub(clean(text[:LONGEST_REPLY]), people=raw.people, named=raw.chat_kind != "news")
        return Reply(post=self._public_id(raw.reply_post) if raw.reply_post else None, text=text)


def clean(text: str) -> str:
    """NFC, without controls and unseen signs; breaks written as in HTML end a line.

    >>> clean("8\\u200b928 e\\u0301"), clean("cars: 10 <br> lorries: 3")
    ('8928 é', 'cars: 10\\nlorries: 3')
    """
    if "<br" in text or "<BR" in text:
        text = _BREAK.sub("\n", text)
    if text.isascii() and text.isprintable():
        return text
    if _MANY_SIGNS.search(text) is not None:
        text = _thin_marks(text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text if text.isprintable() else _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _thin_marks(text: str) -> str:
    """The text with no more than a few marks over each letter.

    >>> len(_thin_marks("e" + 100 * "\\u0301"))
    9
    """
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _utc(instant: datetime | None) -> datetime | None:
    return instant.astimezone(UTC) if instant is not None else None


def _wrong_time(raw: RawPost) -> Skipped | None:
    if _EARLIEST <= raw.posted_at <= _LATEST and abs(raw.offset_minutes) <= 18 * 60:
        return None
    what = "the post lies before 2000 or after 2100, or its offset from UTC is over 18 hours; mend its time"
    return Skipped(file=raw.file, line=raw.line, field="posted_at", what=what)


def read_key(path: Path) -> bytes:
    """The key in a file; a random one, readable by its owner alone, is put there if none is.

    Raises BadSetting when the file cannot be read or written, or holds no key of at least 16 bytes.
    """
    try:
        _make_key(path)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        if len(key) < 16:
            raise ValueError("it is shorter than 16 bytes")
        return key
    except (OSError, ValueError) as error:
        raise BadSetting(f"{path}: no usable key ({error}); move the file away to have a new one made") from error


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def offset_from(local: datetime, instant: datetime) -> int:
    """Minutes that a naive clock time is ahead of the same instant in UTC, to the quarter of an hour.

    >>> offset_from(datetime(2022, 9, 24, 14, 20, 1), datetime(2022, 9, 24, 11, 20, tzinfo=UTC))
    180
    """
    ahead = local.replace(tzinfo=UTC) - instant
    return 15 * round(ahead / timedelta(minutes=15))
