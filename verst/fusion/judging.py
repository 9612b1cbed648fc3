"""What the desk decided, put into reports: confirmed, rejected, corrected, or of a source that was marked.

An act is an input with a weight of its own and no overwrite: a confirmed report counts as one of an authority's
witness, a rejected one as nothing, a correction as what a witness of the desk saw when the post was written. What is
said later is weighed against them as against everything else. Pure: reports and acts in, reports out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from verst.desk import JUDGING, Act
from verst.fusion.rumours import alike
from verst.model import Claim, Judged, Report

OUTCOME: dict[str, Judged] = {"confirm": "confirmed", "reject": "rejected", "correct": "rejected"}


def what_of(claim: Claim) -> str:
    """What a claim speaks of at its crossing, as one word for an act to name.

    >>> what_of(Claim(kind="wait", crossing="salla", toward="FI", mode="car", value=60.0))
    'wait|FI||car|||'
    """
    parts = (claim.kind, claim.toward, claim.side, claim.mode, claim.tag, claim.service, claim.currency)
    return "|".join(part or "" for part in parts)


def root_of(report: Report) -> str:
    """The first post of its copy group, which is itself where nobody said it before."""
    return report.copy_of or report.post


def judge(reports: Iterable[Report], acts: Sequence[Act]) -> list[Report]:
    """The reports as fusion hears them while these acts are in force; of two on one claim the later one counts."""
    told = [act for act in acts if act.verb in JUDGING]
    if not told:
        return list(reports)
    out: list[Report] = []
    for report in reports:
        act = find_act(report, told)
        out += [report] if act is None else put(report, act)
    return out


def find_act(report: Report, acts: Sequence[Act]) -> Act | None:
    """The act that decides about a report: the last on its claim, else the last on its source."""
    own = next((act for act in reversed(acts) if act.verb != "mark" and hits(act, report)), None)
    return own or next((act for act in reversed(acts) if act.verb == "mark" and hits(act, report)), None)


def hits(act: Act, report: Report) -> bool:
    """Whether an act is about a report."""
    if report.posted_at < act.since:
        return False
    if act.verb == "mark":
        return is_from(report, act.source)
    if act.crossing != report.claim.crossing or act.what not in (None, what_of(report.claim)):
        return False
    return report.post == act.post or (act.whole and report.copy_of == act.post)


def is_from(report: Report, source: str | None) -> bool:
    """Whether a report comes from a source: the key of a chat, or of one writer, wherever they write."""
    return source is not None and source in (report.community, report.author)


def put(report: Report, act: Act) -> list[Report]:
    """A report with what an act decided: itself, changed, and what is right instead."""
    if act.verb == "mark":
        if act.value == "official":
            return [replace(report, source="official")]
        return [replace(report, judged="hostile")]
    judged = replace(report, judged=OUTCOME[act.verb])
    if act.verb != "correct" or report.post != act.post:
        return [judged]
    right = replace(report.claim, value=act.value, low=None, high=None, bound="exact", stance="saw", trust=1.0)
    name = f"desk:{act.n}"  # a root, a voice and a chat of its own: it copies nobody
    return [
        judged,
        replace(
            report, claim=right, copy_of=name, author=f"desk:{act.who}", community=name, denies=False, ad=False,
            judged="corrected",
        ),
    ]  # fmt: skip


def merge(reports: Iterable[Report], acts: Sequence[Act]) -> list[Report]:
    """The reports as the ledger of rumours takes them: what the desk says is one rumour has one value.

    An act of merging names the kind and tag (``what``), and that ``other`` is the same as ``value``; the last counts.
    """
    told = [act for act in acts if act.verb == "merge"]
    return [_merged(report, told) for report in reports] if told else list(reports)


def _merged(report: Report, acts: Sequence[Act]) -> Report:
    claim = report.claim
    for act in reversed(acts):
        mine = (act.crossing, act.what) == (claim.crossing, rumour_name(claim.kind, claim.tag))
        if mine and alike(claim.value, act.other):
            return replace(report, claim=replace(claim, value=act.value, low=None, high=None))
    return report


def rumour_name(kind: str, tag: str | None) -> str:
    """What an act calls the subject of a rumour."""
    return f"{kind}|{tag or ''}"
