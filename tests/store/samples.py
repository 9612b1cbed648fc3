"""Small posts, reports and estimates for the tests of stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from verst.model import (
    Chat,
    Claim,
    Estimate,
    Evidence,
    Heard,
    Post,
    Question,
    Reading,
    Reply,
    Report,
    Saying,
    Sighting,
)

NOON = datetime(2022, 9, 24, 9, 0, tzinfo=UTC)
CHAT = Chat(title="Lars chat", kind="group", about="verkhny-lars")


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def wait(value: float = 600.0, crossing: str = "verkhny-lars") -> Claim:
    return Claim(kind="wait", crossing=crossing, toward="GE", mode="car", value=value, span=(0, 4))


def post(name: str, minutes: float = 0.0, text: str = "стоим 10 часов", **more: object) -> Post:
    return Post(id=name, chat=CHAT, posted_at=at(minutes), text=text, author="ab" * 8, **more)  # type: ignore[arg-type]


def answer(name: str, minutes: float, to: str, text: str | None = None) -> Post:
    return post(name, minutes, reply_to=Reply(post=to, text=text))


def read(*claims: Claim) -> Reading:
    return Reading(claims=claims, lang="ru")


def asking(crossing: str | None = "verkhny-lars") -> Reading:
    return Reading(question=Question(topic="wait", crossing=crossing, mode="car"))


def report(name: str, minutes: float = 0.0, claim: Claim | None = None) -> Report:
    return Report(claim=claim or wait(), post=name, posted_at=at(minutes), author="ab" * 8, community="c")


def estimate(minutes: float, value: float | str | None = 600.0, **more: object) -> Estimate:
    evidence = Evidence(post="p1", weight=0.5, value=600.0, stance="saw", source="group", said_at=NOON)
    told: dict[str, object] = {"crossing": "verkhny-lars", "kind": "wait", "mode": "car", "toward": "GE"}
    told |= {"p10": 500.0, "p90": 700.0, "odds": (("open", 0.75),), "newest": NOON, "evidence": (evidence,)}
    return Estimate(at=at(minutes), value=value, **(told | more))  # type: ignore[arg-type]


def heard(name: str, minutes: float = 0.0, where: str = "RU-GE", value: float = 250_000.0) -> Heard:
    saying = Saying(kind="total", where=where, toward="GE", value=value, since=at(-7200), span=(0, 7))
    return Heard(saying=saying, post=name, posted_at=at(minutes), author="ab" * 8, source="social", community="c")


def sighting(name: str, minutes: float = 0.0, print_: str = "00112233445566ff", group: str | None = None) -> Sighting:
    return Sighting(print=print_, group=group or print_, post=name, seen_at=at(minutes - 60), known_at=at(minutes))
