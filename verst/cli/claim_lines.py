"""Claim lines, as `verst fuse` reads them: a claim of the guide with who said it, when and where."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, ClassVar

import msgspec

from verst.clock import parse_instant
from verst.errors import BadFile
from verst.model import Bound, Claim, Mode, Report, Skipped, SourceKind, Stance

LONGEST_LINE = 1 << 20  # bytes


class ClaimLine(msgspec.Struct, kw_only=True):
    """One line. Fields it does not know are passed over."""

    kind: str
    crossing: str
    post: str | int
    posted_at: str
    toward: str | None = None
    side: str | None = None
    mode: Mode | None = "any"
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    bound: Bound | None = "exact"
    stance: Stance | None = "saw"
    holds_at: str | None = None
    currency: str | None = None
    service: str | None = None
    tag: str | None = None
    author: str | int | None = None
    source: SourceKind | None = "group"
    copy_of: str | int | None = None
    community: str | None = None
    denies: bool = False
    ad: bool = False

    TIMES: ClassVar[tuple[str, ...]] = ("posted_at", "holds_at")


_decode = msgspec.json.Decoder(ClaimLine).decode


def read_claim_lines(files: Iterable[str]) -> Iterator[Report | Skipped]:
    """Reports of all files in order, and what could not be used. Raises BadFile when a file cannot be opened."""
    for file in files:
        with _open(file) as stream:
            shown = "standard input" if file == "-" else file
            number = 0
            while line := stream.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(LONGEST_LINE)
                    yield Skipped(file=shown, line=number, what="longer than a megabyte; a claim is one short line")
                elif line.strip():
                    yield read_claim_line(line, shown, number)


def read_claim_line(line: bytes, file: str, number: int) -> Report | Skipped:
    """One line as a report, or why not."""
    try:
        told = _decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        from verst.sources.posts import explain

        what, field = explain(error, ClaimLine)
        return Skipped(file=file, line=number, field=field, what=what.replace("guide of posts", "guide of claims"))
    wrong = _check(told)
    if wrong is not None:
        return Skipped(file=file, line=number, field=wrong[0], what=wrong[1])
    return _report(told)


def _check(told: ClaimLine) -> tuple[str, str] | None:
    for field in ClaimLine.TIMES:
        text = getattr(told, field)
        try:
            if text is not None:
                parse_instant(text)
        except (ValueError, OverflowError):
            return field, "no ISO 8601 time with an offset; write it as 2022-09-24T14:20+03:00"
    from verst.geography import load_kinds

    kind = next((kind for kind in load_kinds() if kind.id == told.kind), None)
    if kind is None:
        return "kind", "no kind of claim; see `verst shelves` for those there are"
    if kind.shape == "amount" and not isinstance(told.value, float | int):
        return "value", "an amount needs a figure"
    if kind.options and told.value not in kind.options:
        return "value", f"not one of {', '.join(kind.options)}"
    return None


def _report(told: ClaimLine) -> Report:
    claim = Claim(
        kind=told.kind, crossing=told.crossing, toward=told.toward, side=told.side, mode=told.mode or "any",
        value=told.value, low=told.low, high=told.high, bound=told.bound or "exact", stance=told.stance or "saw",
        holds_at=_instant(told.holds_at), currency=told.currency, service=told.service, tag=told.tag,
    )  # fmt: skip
    return Report(
        claim=claim, post=str(told.post), posted_at=parse_instant(told.posted_at)[0], author=_hash(told.author),
        source=told.source or "group", copy_of=None if told.copy_of is None else str(told.copy_of),
        community=told.community, denies=told.denies, ad=told.ad,
    )  # fmt: skip


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text)[0] if text else None


def _hash(author: str | int | None) -> str | None:
    """Authors are told apart, never shown: a hash is enough for that."""
    return None if author is None else hashlib.blake2b(str(author).encode(), digest_size=8).hexdigest()


def _open(file: str) -> BinaryIO | nullcontext[BinaryIO]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise BadFile(reason, file=file, do="check the name and who may read it") from error
