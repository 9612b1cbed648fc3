"""The answer first: in whole sentences, the rule beside the practice, since when, and never more than is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.conftest import client_for
from tests.web.fake import FakeStore
from tests.web.world import NOON, estimate, full_store, post

LET_THROUGH = (("allowed", 0.9), ("refused", 0.1))
TURNED_BACK = (("refused", 0.9), ("allowed", 0.1))


def answer_of(store: FakeStore, code: str = "en") -> list[str]:
    """The lines between the clock and the end of a digest."""
    with client_for(store) as client:
        return client.get(f"/digest/verkhny-lars?lang={code}").text.split("\n")[2:-1]


def walked() -> FakeStore:
    """On foot: turned back until yesterday 18:00, let through since."""
    store = full_store()
    store.kept_estimates = [told for told in store.kept_estimates if told.mode != "foot"]
    for hours, odds in ((40, TURNED_BACK), (30, TURNED_BACK), (18, LET_THROUGH), (1, LET_THROUGH)):
        at = NOON - timedelta(hours=hours)
        store.kept_estimates.append(estimate("mode_rule", odds[0][0], at, mode="foot", odds=odds, voices=4))
    return store


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "On foot: let through since yesterday 18:00, though not foreseen by the rules."),
        ("ru", "Пешком: пропускают со вчерашнего дня, 18:00, хотя правилами это не предусмотрено."),
        ("uk", "Пішки: пропускають від учора, 18:00, хоча правилами це не передбачено."),
        ("de", "Zu Fuß: durchgelassen seit gestern 18:00, obwohl die Regeln es nicht vorsehen."),
        ("fr", "À pied: on laisse passer depuis hier 18:00, bien que les règles ne le prévoient pas."),
    ],
)
def test_practice_stands_beside_the_rule_with_its_beginning(code: str, said: str) -> None:
    assert any(line.startswith(said) for line in answer_of(walked(), code))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "About 30 to 45 hours by car to get into Georgia."),
        ("ru", "В Грузию на машине ждать примерно 30–45 часов."),
        ("uk", "До Грузії автомобілем чекати приблизно 30–45 годин."),
        ("ar", "نحو 30 إلى 45 ساعة بالسيارة للوصول إلى جورجيا."),
        ("kk", "Грузияға көлікпен өту үшін шамамен 30–45 сағат күту керек."),
        ("fi", "Odotus autolla Georgiaan: noin 30–45 tuntia."),
        ("de", "Etwa 30 bis 45 Stunden Wartezeit mit dem Auto nach Georgien."),
        ("fr", "Environ 30 à 45 heures d'attente en voiture pour passer en Géorgie."),
    ],
)
def test_the_wait_is_said_as_people_say_it(code: str, said: str) -> None:
    assert any(line.startswith(said) for line in answer_of(full_store(), code))


def test_a_rule_alone_is_not_taken_for_what_happens() -> None:
    store = full_store()
    store.kept_estimates = [told for told in store.kept_estimates if told.mode != "foot"]
    assert "On foot: not foreseen by the rules; what happens now is not known." in answer_of(store)


def test_silence_tells_the_last_known_with_a_warning_and_nothing_else() -> None:
    store = FakeStore(number=1)
    store.kept_posts["late"] = post("late", "x", NOON)
    heard = NOON - timedelta(hours=9)
    store.kept_estimates = [
        estimate("wait", 600.0, heard, mode="car", p10=400.0, p90=900.0),
        estimate("passage", "free", heard, odds=(("free", 1.0),)),
    ]
    lines = answer_of(store)
    assert lines[0] == "Into Georgia: not known now."
    assert lines[1] == "Last known, 9 hours ago: wait 7 to 15 hours. It may be quite different now."
    assert not any("no queue" in line.lower() or "let through" in line.lower() for line in lines)
