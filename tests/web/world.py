"""A small world to put into a store: Verkhny Lars at noon on 24 September 2022, and its neighbours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.web.fake import FakeStore
from verst.model import (
    Chat,
    Claim,
    Crossing,
    Estimate,
    Evidence,
    Kind,
    Post,
    Question,
    Reading,
    Region,
    Report,
    Rule,
    Side,
)
from verst.reading.places import Gazetteer
from verst.store import Asked, Batch

NOON = datetime(2022, 9, 24, 9, 0, tzinfo=UTC)  # noon at Verkhny Lars


class DeafReader:
    """Finds places and reads nothing else into a question: enough for the shape of answers."""

    def __init__(self) -> None:
        self.places = Gazetteer.from_regions((region(),), {})

    def read(self, post: object) -> Reading:
        return Reading()

    def terms(self, wanted: str) -> list[list[str]]:
        return [[word.casefold()] for word in wanted.split()]

    def language(self, text: str) -> str:
        return "ru" if any("а" <= letter <= "я" for letter in text.lower()) else "en"

    def beside(self, code: str) -> frozenset[str]:
        return frozenset({code})


def crossing(name: str, title: str, other: str, *, ru: str | None = None, zone: str = "Europe/Moscow") -> Crossing:
    sides = (Side(country="RU", zone=zone, road=((43.02, 44.68),)), Side(country=other, zone="Asia/Tbilisi"))
    names = (("en", title), ("ru", ru)) if ru else (("en", title),)
    return Crossing(id=name, border=f"RU-{other}", sides=sides, names=names, lat=42.75, lon=44.62, modes=("car", "bus"))


def kinds() -> dict[str, Kind]:
    return {
        "wait": Kind(id="wait", shape="amount", unit="minutes"),
        "queue_length": Kind(id="queue_length", shape="amount", unit="km"),
        "passage": Kind(id="passage", shape="state", options=("open", "closed", "paused", "moving", "free")),
        "mode_rule": Kind(id="mode_rule", shape="state", options=("allowed", "refused"), half_life_minutes=1440),
        "price": Kind(id="price", shape="amount", half_life_minutes=1440),
        "service": Kind(id="service", shape="tag"),
    }


def region(count: int = 4) -> Region:
    first = (
        crossing("verkhny-lars", "Verkhny Lars", "GE", ru="Верхний Ларс"),
        crossing("vaalimaa-torfyanovka", "Vaalimaa – Torfyanovka", "FI", ru="Ваалимаа – Торфяновка"),
        crossing("ozinki-taskala", "Ozinki – Taskala", "KZ", ru="Озинки – Таскала", zone="Europe/Saratov"),
        crossing("tashanta-tsagaannuur", "Tashanta – Tsagaannuur", "MN", ru="Ташанта – Цагааннуур"),
    )
    more = tuple(crossing(f"crossing-{n}", f"Crossing {n} – Over there {n}", "KZ") for n in range(count - len(first)))
    rules = (
        Rule(
            id="lars-no-foot",
            where="verkhny-lars",
            kind="mode_rule",
            mode="foot",
            toward="GE",
            value="refused",
            text=(("en", "No one may cross on foot."), ("ru", "Пешком переходить нельзя.")),
            source="https://example.org/rules",
        ),
        Rule(
            id="fi-entry-ban",
            where="RU-FI",
            kind="rule",
            toward="FI",
            tag="entry_refusal",
            text=(("en", "Tourists from Russia are refused entry."),),
            source="https://example.org/ban",
            starts_at=datetime(2022, 9, 29, 21, 0, tzinfo=UTC),
        ),
    )
    return Region(id="russia", names=(("en", "Russia"), ("ru", "Россия")), crossings=first + more, rules=rules)


def post(name: str, text: str, at: datetime, **more: object) -> Post:
    chat = Chat(title="Lars chat", kind="group", about="verkhny-lars")
    return Post(id=name, chat=chat, posted_at=at, text=text, author="0" * 16, **more)  # type: ignore[arg-type]


def estimate(kind: str, value: float | str | None, at: datetime = NOON, **more: object) -> Estimate:
    told: dict[str, object] = {"crossing": "verkhny-lars", "toward": "GE", "voices": 5, "newest": at}
    return Estimate(at=at, kind=kind, value=value, **(told | more))  # type: ignore[arg-type]


def full_store(count: int = 4) -> FakeStore:
    """Verkhny Lars at noon on 24 September with four days of history; the others with a little or nothing."""
    store = FakeStore(number=1)
    add_posts(store)
    add_history(store)
    evidence = (
        Evidence(
            post="p1", weight=0.9, value=2160.0, stance="saw", source="group", said_at=NOON - timedelta(minutes=40)
        ),
        Evidence(
            post="p2",
            weight=0.2,
            value=2400.0,
            stance="heard",
            source="news",
            said_at=NOON - timedelta(hours=3),
            note="a copy of an older post",
        ),
    )
    recent = NOON - timedelta(minutes=40)
    store.kept_estimates += [
        estimate("wait", 2200.0, mode="car", p10=1800.0, p90=2700.0, voices=14, newest=recent, evidence=evidence),
        estimate("queue_length", 14.0, mode="car", p10=11.0, p90=18.0, voices=9, newest=recent),
        estimate("passage", "moving", odds=(("moving", 0.8), ("paused", 0.2)), voices=6, newest=recent),
        estimate(
            "mode_rule", "allowed", mode="foot", odds=(("allowed", 0.75), ("refused", 0.25)), voices=4, newest=recent
        ),
        estimate(
            "mode_rule", "allowed", mode="bicycle", odds=(("allowed", 0.95), ("refused", 0.05)), voices=7, newest=recent
        ),
        estimate(
            "price", 45000.0, service="bicycle", currency="RUB", p10=30000.0, p90=70000.0, voices=6, newest=recent
        ),
        estimate("service", "missing", toward=None, tag="water", voices=3, newest=recent),
        estimate("service", "available", toward=None, tag="fuel", voices=2, newest=recent),
        estimate("event", "present", toward=None, tag="robbery", voices=2, newest=recent),
        estimate("passage", "free", crossing="ozinki-taskala", toward="KZ", newest=NOON - timedelta(hours=9), voices=2),
        estimate("passage", "paused", crossing="vaalimaa-torfyanovka", toward="FI", newest=recent, voices=2),
        estimate(
            "wait",
            20.0,
            crossing="vaalimaa-torfyanovka",
            toward="FI",
            side="FI",
            mode="car",
            p10=10.0,
            p90=30.0,
            newest=recent,
        ),
        estimate(
            "wait",
            200.0,
            crossing="vaalimaa-torfyanovka",
            toward="FI",
            side="RU",
            mode="car",
            p10=150.0,
            p90=290.0,
            newest=recent,
        ),
    ]
    for n in range(count - 4):
        more = {
            "crossing": f"crossing-{n}",
            "toward": "KZ",
            "voices": n % 7 + 1,
            "newest": recent - timedelta(minutes=n),
        }
        store.kept_estimates += [
            estimate("wait", 60.0 * (n + 1), mode="car", p10=40.0 * (n + 1), p90=90.0 * (n + 1), **more),
            estimate("queue_length", float(n % 9 + 1), mode="car", p10=n % 9 + 0.5, p90=n % 9 + 3.0, **more),
            estimate("mode_rule", "refused", mode="foot", **more),
        ]
    return store


def add_posts(store: FakeStore) -> None:
    early, label = NOON - timedelta(days=4), "reconstructed from dated public facts"
    words = "Стоим уже 36 часов, очередь стоит"
    claim = Claim(
        kind="wait", crossing="verkhny-lars", toward="GE", mode="car", value=2160.0, bound="min", span=(10, 18)
    )
    store.keep(
        Batch(
            posts=[
                (post("p0", "Первый пост", early, label=label), Reading()),
                (post("p1", words, NOON - timedelta(minutes=40), label=label), Reading(claims=(claim,), lang="ru")),
                (
                    post(
                        "p2",
                        "<script>alert(1)</script> 40 hours",
                        NOON - timedelta(hours=3),
                        url="https://example.org/news",
                    ),
                    Reading(),
                ),
                (post("p9", "the last word", NOON), Reading()),
            ]
        )
    )
    question = post("q1", "Можно ли пешком?", NOON - timedelta(hours=5))
    answers = (
        post("a1", "Нет, только на колёсах", NOON - timedelta(hours=4)),
        post("a2", "Уже пускают", NOON + timedelta(hours=4)),
    )
    store.kept_asked.append(
        Asked(
            post=question, question=Question(topic="mode_rule", crossing="verkhny-lars", mode="foot"), answers=answers
        )
    )


def add_history(store: FakeStore) -> None:
    for hour in range(96, 0, -1):
        at = NOON - timedelta(hours=hour)
        value = 2200.0 - hour * 18
        heard = at if hour % 30 > 9 else at - timedelta(hours=8)
        store.kept_estimates.append(
            estimate("wait", value, at, mode="car", p10=value * 0.8, p90=value * 1.25, voices=6, newest=heard)
        )
        if hour % 3 == 0:
            claim = Claim(
                kind="wait", crossing="verkhny-lars", toward="GE", mode="car", value=value * (0.8 + hour % 5 / 10)
            )
            source = ("group", "channel", "news", "official", "social")[hour % 5]
            store.kept_reports.append(Report(claim=claim, post=f"r{hour}", posted_at=at, source=source))  # type: ignore[arg-type]
