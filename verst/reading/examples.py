"""Examples of a language file: posts with what they say, each of them a test.

An example is a table under [[examples]]: ``text``; optional ``about`` (crossing the chat is about), ``chat`` (its
kind, group unless said), ``title``, ``at`` (when it was posted), ``reply`` (the words it answers); and what is read:
``claims`` (a list of descriptions, empty for a counter-example), ``question`` (a topic), ``ad`` (true), ``sayings`` (a
list of descriptions of what is said and is no claim; left out, they are not looked at).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verst.clock import parse_instant
from verst.errors import BadShelf
from verst.model import Chat, Claim, Post, Reading, Reply, Saying
from verst.reading.reader import Reader

_DAY = "2022-09-26T12:00+03:00"
_FIELDS = {"text", "about", "chat", "title", "at", "reply", "claims", "question", "ad", "sayings"}


@dataclass(frozen=True, slots=True)
class Miss:
    """An example that is not read as its language file says."""

    lang: str
    text: str
    want: tuple[str, ...]
    got: tuple[str, ...]


def describe(claim: Claim) -> str:
    """A claim in few words: kind, crossing, means or tag, value, range, money, service, bound, where said.

    >>> describe(Claim(kind="wait", crossing="verkhny-lars", mode="car", value=840.0, bound="min"))
    'wait verkhny-lars car 840 min'
    """
    words = [claim.kind, claim.crossing]
    if claim.kind in ("service", "event", "rule"):
        words.append(str(claim.tag))
    else:
        words.append(claim.mode)
    if claim.value is not None:
        words.append(f"{claim.value:g}" if isinstance(claim.value, float | int) else claim.value)
    if claim.low is not None and claim.high is not None:
        words.append(f"{claim.low:g}..{claim.high:g}")
    words += [part for part in (claim.currency, claim.service) if part]
    if claim.bound in ("min", "max"):
        words.append(claim.bound)
    return " ".join(words)


def describe_saying(saying: Saying) -> str:
    """A saying in few words: whether it is spoken against, its kind, where, whither, what, whom, its day (UTC).

    >>> describe_saying(Saying(kind="total", where="RU-GE", toward="GE", value=250_000.0, denies=True))
    'not total RU-GE GE 250000'
    """
    words = ["not"] if saying.denies else []
    words += [saying.kind, saying.where, *([saying.toward] if saying.toward else [])]
    if saying.value is not None:
        words.append(f"{saying.value:.0f}" if isinstance(saying.value, float | int) else saying.value)
    words += [part for part in (saying.who, f"{saying.due:%Y-%m-%dT%H:%MZ}" if saying.due else None) if part]
    return " ".join(words)


def said(read: Reading) -> tuple[str, ...]:
    """Everything read from a post, in few words each, in the order of the alphabet."""
    found = [describe(claim) for claim in read.claims]
    if read.question is not None:
        found.append(f"asks {read.question.topic}")
    if read.ad:
        found.append("ad")
    return tuple(sorted(found))


def misses(reader: Reader, languages: Mapping[str, Mapping[str, Any]]) -> Iterator[Miss]:
    """Every example of every language that is read otherwise than it says."""
    for lang, shelf in languages.items():
        for example in shelf.get("examples", ()):
            read = reader.read(post_of(lang, example))
            want, got = wanted(lang, example), said(read)
            if "sayings" in example:
                want += tuple(sorted(example["sayings"]))
                got += tuple(sorted(map(describe_saying, read.sayings)))
            if want != got:
                yield Miss(lang, str(example["text"]), want, got)


def wanted(lang: str, example: Mapping[str, Any]) -> tuple[str, ...]:
    """What an example says is read from it. Raises BadShelf for a field that examples do not have."""
    unknown = set(example) - _FIELDS
    if unknown or "text" not in example:
        raise BadShelf(f"languages/{lang}.toml", f"[[examples]] with {sorted(unknown) or 'no text'}", "see examples.py")
    found = list(example.get("claims", ()))
    if example.get("question"):
        found.append(f"asks {example['question']}")
    if example.get("ad"):
        found.append("ad")
    return tuple(sorted(found))


def post_of(lang: str, example: Mapping[str, Any]) -> Post:
    """The post of an example."""
    posted_at, offset = parse_instant(str(example.get("at", _DAY)))
    reply = example.get("reply")
    return Post(
        id=f"{lang}-example",
        chat=Chat(title=str(example.get("title", "")), kind=example.get("chat", "group"), about=example.get("about")),
        posted_at=posted_at,
        offset_minutes=offset,
        text=str(example["text"]),
        lang=lang,
        reply_to=Reply(text=str(reply)) if reply else None,
    )
