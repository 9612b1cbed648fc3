"""Alerts as CAP 1.2: valid by its schema, with expiry and certainty, and never an all-clear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from tests.alerts.scenes import NO_FOOT, Hearsay, at, closed, find, on_foot, opened, wait
from verst.geography import load_kinds, load_regions
from verst.notices import Alert
from verst.outputs.cap import NAMESPACE, certainty_of
from verst.web.alert_entries import cap_of

SCHEMA = etree.XMLSchema(etree.parse(str(Path(__file__).with_name("cap12.xsd"))))
REGIONS, KINDS = load_regions(), {kind.id: kind for kind in load_kinds()}
BASE = "https://board.example"


def some_alerts() -> list[Alert]:
    """One of each reason, and a retraction."""
    shut = find([opened(-300)], [closed(0)])
    found = [*shut, *find([closed(-300)], [opened(0)]), *find([on_foot(-60, 0.05)], [on_foot(0, 0.85)])]
    found += [*find([on_foot(-60, 0.85)], [on_foot(0, 0.05)]), *find([wait(-240, 100)], [wait(0, 300)])]
    found += [*find([wait(-240, 600)], [wait(0, 200)]), *find([], [], rumours=[Hearsay()])]
    found += find([], [], rules=[replace(NO_FOOT, starts_at=at(-5))])
    return [*found, *find([opened(-300)], [opened(40)], 40, told=shut)]


def read(alert: Alert, before: Alert | None = None) -> etree._Element:
    root = etree.fromstring(cap_of(alert, before, REGIONS, KINDS, BASE))
    SCHEMA.assertValid(root)
    return root


def texts(root: etree._Element, name: str) -> list[str]:
    return [str(node.text) for node in root.iter(f"{{{NAMESPACE}}}{name}")]


def test_the_schema_refuses_what_is_no_cap() -> None:
    good = cap_of(some_alerts()[0], None, REGIONS, KINDS, BASE).decode()
    for old, new in (("<scope>Public</scope>", ""), ("-00:00", "Z"), (">Likely<", ">Surely<"), (">Actual<", ">Real<")):
        assert old in good and not SCHEMA.validate(etree.fromstring(good.replace(old, new).encode())), old


@pytest.mark.parametrize(
    "alert", some_alerts(), ids=lambda alert: f"{alert.reason}{'-back' if alert.takes_back else ''}"
)
def test_every_alert_is_valid_in_every_language(alert: Alert) -> None:
    root = read(alert)
    assert texts(root, "language") == ["en", "ar", "ru", "uk"]
    assert set(texts(root, "expires")) == {alert.expires.strftime("%Y-%m-%dT%H:%M:%S-00:00")}
    assert set(texts(root, "certainty")) == {certainty_of(alert)} and "AllClear" not in texts(root, "responseType")
    assert texts(root, "sender") == ["board.example"] and texts(root, "status") == ["Actual"]
    assert set(texts(root, "web")) == {f"{BASE}/c/verkhny-lars"} and len(texts(root, "circle")) == 4


def test_a_retraction_cancels_and_a_later_change_updates() -> None:
    shut = find([opened(-300)], [closed(0)])
    (back,) = find([opened(-300)], [opened(40)], 40, told=shut)
    root = read(back, shut[0])
    assert texts(root, "msgType") == ["Cancel"] and set(texts(root, "certainty")) == {"Unknown"}
    assert texts(root, "references") == [f"board.example,{shut[0].id},2022-09-24T09:00:00-00:00"]
    (later,) = find([closed(0)], [opened(120)], 120, told=shut)
    assert texts(read(later, shut[0]), "msgType") == ["Update"]
    (much_later,) = find([closed(0)], [opened(400)], 400, told=shut)
    assert texts(read(much_later, shut[0]), "msgType") == ["Alert"]


def test_a_control_sign_in_a_label_breaks_no_document() -> None:
    root = read(replace(some_alerts()[0], label="retold\x00\x0b <of> & \ufffe"))
    assert texts(root, "note") == ["retold <of> & "]


def test_certainty_follows_the_probability() -> None:
    alert = some_alerts()[0]
    told = [certainty_of(replace(alert, probability=share)) for share in (0.95, 0.8, 0.5)]
    assert told == ["Observed", "Likely", "Possible"]
    assert certainty_of(replace(alert, reason="rule_changed", probability=None)) == "Observed"
    assert certainty_of(find([wait(-240, 600)], [wait(0, 200)])[0]) == "Likely"


def test_a_reconstruction_is_an_exercise_and_small_counts_are_left_out() -> None:
    label = "reconstructed from dated public facts"
    root = read(replace(some_alerts()[0], label=label, voices=None))
    assert texts(root, "status") == ["Exercise"] and texts(root, "note") == [label]
    assert "voices" not in texts(root, "valueName") and "probability" in texts(root, "valueName")
