"""One alert as a Common Alerting Protocol document (OASIS CAP 1.2), a block of words for each language."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from verst.notices import Alert
from verst.outputs.xml_text import legal

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SEVERITY = {
    "closed": "Moderate", "refused": "Moderate", "wait_doubled": "Moderate", "rule_changed": "Moderate",
    "opened": "Minor", "allowed": "Minor", "wait_halved": "Minor", "rumour_contradicted": "Minor",
}  # fmt: skip
OBSERVED = 0.9  # of a state that people at the place report


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An alert in one language."""

    lang: str
    headline: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A crossing: its name, id and place in degrees where it is known."""

    name: str
    code: str
    lat: float | None = None
    lon: float | None = None


def write_cap(
    alert: Alert,
    said: Iterable[Said],
    areas: Sequence[Area],
    *,
    sender: str,
    before: Alert | None = None,
    web: str | None = None,
) -> bytes:
    """The document. ``before``: the alert it takes back or follows on, where that is kept; ``sender``: a host name.

    A retraction is a Cancel; what follows on an alert that still held is an Update.
    """
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    refers = before is not None and (alert.takes_back is not None or before.expires > alert.at)
    kind = "Alert" if not refers else "Cancel" if alert.takes_back else "Update"
    _add(root, identifier=alert.id, sender=sender, sent=cap_time(alert.at))
    _add(root, status="Exercise" if alert.label else "Actual", msgType=kind, scope="Public")
    if alert.label:
        _add(root, note=alert.label)
    if refers and before is not None:
        _add(root, references=f"{sender},{before.id},{cap_time(before.at)}")
    for words in said:
        _add_info(ET.SubElement(root, f"{{{NAMESPACE}}}info"), alert, words, areas, web)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_info(info: ET.Element, alert: Alert, words: Said, areas: Sequence[Area], web: str | None) -> None:
    """The words of one language, with how urgent, grave and sure it is."""
    _add(info, language=words.lang, category="Transport", event=words.headline, responseType="Monitor")
    _add(info, urgency="Past" if alert.takes_back else "Immediate")
    _add(info, severity="Unknown" if alert.takes_back else SEVERITY[alert.reason], certainty=certainty_of(alert))
    _add(info, effective=cap_time(alert.at), expires=cap_time(alert.expires), senderName="Verst")
    _add(info, headline=words.headline, description=words.description)
    if web is not None:
        _add(info, web=web)
    for name, value in parameters_of(alert):
        _pair(info, "parameter", name, value)
    for area in areas:
        here = ET.SubElement(info, f"{{{NAMESPACE}}}area")
        _add(here, areaDesc=area.name)
        if area.lat is not None and area.lon is not None:
            _add(here, circle=f"{area.lat:g},{area.lon:g} 1")  # kilometres
        _pair(here, "geocode", "verst", area.code)


def certainty_of(alert: Alert) -> str:
    """How sure it is in CAP's words, from the probability that it is so; a written rule is a fact.

    ``Likely`` is more than even in the standard. ``Observed`` needs nine in ten, and a state that people at the place
    report: a range of waits that holds eight times in ten is never more than likely.
    """
    if alert.takes_back is not None:
        return "Unknown"
    if alert.reason == "rule_changed":
        return "Observed"
    if alert.probability is None:
        return "Likely"
    if alert.probability >= OBSERVED:
        return "Observed"
    return "Likely" if alert.probability > 0.5 else "Possible"


def parameters_of(alert: Alert) -> list[tuple[str, str]]:
    """What machines read beside the words; counts under the threshold are not in it."""
    pairs: list[tuple[str, object]] = [
        ("reason", alert.reason), ("kind", alert.kind), ("mode", alert.mode), ("toward", alert.toward),
        ("side", alert.side), ("tag", alert.tag), ("takesBack", alert.takes_back), ("why", alert.why),
        ("probability", alert.probability), ("voices", alert.voices),
        ("newest", alert.newest and cap_time(alert.newest)),
    ]  # fmt: skip
    for name, figure in (("was", alert.was), ("now", alert.now)):
        if figure is not None:
            pairs += [(name, figure.value), (f"{name}P10", figure.p10), (f"{name}P90", figure.p90)]
    return [
        (name, f"{value:g}" if isinstance(value, float) else str(value)) for name, value in pairs if value is not None
    ]


def cap_time(instant: datetime) -> str:
    """An instant as CAP wants it: UTC is written -00:00.

    >>> cap_time(datetime(2022, 9, 24, 11, 20, tzinfo=UTC))
    '2022-09-24T11:20:00-00:00'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _add(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = legal(text)


def _pair(parent: ET.Element, name: str, key: str, value: str) -> None:
    _add(ET.SubElement(parent, f"{{{NAMESPACE}}}{name}"), valueName=key, value=value)
