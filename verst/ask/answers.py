"""What asking gives back: sentences, each with what it rests on, and what became of the question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from verst.clock import iso
from verst.model import Mode

Outcome = Literal["known", "stale", "nobody", "advice", "declined", "no_such_place"]
What = Literal["head", "rule", "practice", "nobody", "asked", "advice", "evidence", "way", "label"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One post an answer rests on. ``said_at`` is UTC; ``url`` only where the post can be read in public."""

    post: str
    said_at: datetime
    stance: str
    words: str
    url: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of an answer. Rule and practice never share a line.

    ``link``: where the words behind it can be read, a page of the board or the whole address of a rule's source.
    ``derived``: nobody said the figure, it was worked out. ``disputed``: reports contradict each other. ``tag``: which
    rule it is. ``denies``: a report that speaks against the rumour asked about.
    """

    what: What
    text: str
    crossing: str | None = None
    kind: str | None = None
    mode: Mode | None = None
    toward: str | None = None
    newest: datetime | None = None
    voices: int = 0
    stale: bool = False
    derived: bool = False
    disputed: bool = False
    tag: str | None = None
    link: str | None = None
    denies: bool = False
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question, in the question's language. ``at`` is UTC: nothing said later is used.

    ``intent`` and ``tag``: what it was taken to want beyond its topic (`verst.ask.wish`).
    """

    question: str
    lang: str
    at: datetime
    topic: str
    places: tuple[str, ...]
    mode: Mode
    outcome: Outcome
    lines: tuple[Line, ...]
    intent: str | None = None
    tag: str | None = None

    @property
    def text(self) -> str:
        """All of it as plain text, one sentence a line."""
        return "\n".join(("  " if line.what == "evidence" else "") + line.text for line in self.lines)


def as_data(answer: Answer) -> dict[str, Any]:
    """An answer as plain data for JSON; instants as ISO 8601 in UTC."""
    return {
        "question": answer.question,
        "lang": answer.lang,
        "at": iso(answer.at),
        "topic": answer.topic,
        "places": list(answer.places),
        "mode": answer.mode,
        "outcome": answer.outcome,
        "text": answer.text,
        "lines": [_line_data(line) for line in answer.lines],
    }


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "what": line.what,
        "text": line.text,
        "crossing": line.crossing,
        "kind": line.kind,
        "mode": line.mode,
        "toward": line.toward,
        "newest": iso(line.newest) if line.newest else None,
        "voices": line.voices,
        "stale": line.stale,
        "derived": line.derived,
        "link": line.link,
        "sources": [
            {
                "post": source.post,
                "said_at": iso(source.said_at),
                "stance": source.stance,
                "words": source.words,
                "url": source.url,
                "label": source.label,
            }
            for source in line.sources
        ],
    }
