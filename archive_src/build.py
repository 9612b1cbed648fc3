"""``python -m archive_src.build``: the hand-written lines become the bundled archive, byte for byte the same."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from archive_src.lines import Line, Script, day_of, number_from, scripts_in, zone_of
from archive_src.telegram import LABEL, export_of

HERE = Path(__file__).parent
TARGET = HERE.parent / "verst" / "archive" / "exodus_2022"
_COUNTED = {"people_per_day": "flow", "flow_change_pct": "flow_change"}
_PLACE = re.compile(r"[A-Za-z][A-Za-z-]+")  # two borders counted as one have no id
_LEFT_OUT = {"ex22-0215", "ex22-0240"}  # misprints of 0212 and 0242, as their notes say


def facts() -> dict[str, dict[str, str]]:
    """The figures the archive rests on, by id."""
    with (HERE / "facts.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def build() -> dict[str, str]:
    """Every generated file: its path under the archive and its text."""
    known = facts()
    urls = {number: row["url"] for number, row in known.items()}
    groups = list(scripts_in(HERE / "writing" / "groups"))
    _carry(groups)
    made = {f"telegram/{group.name}/result.json": export_of(group, urls) for group in groups}
    made["posts.jsonl"] = "".join(
        json.dumps(post, ensure_ascii=False) + "\n" for post in sorted(_posts(urls), key=lambda post: _instant(post))
    )
    made["counts.csv"] = _counts(known)
    for page in sorted((HERE / "pages").iterdir()):
        made[f"pages/{page.name}"] = page.read_text("utf-8")
    for name in ("README.md", "counts.toml"):
        made[name] = (HERE / name).read_text("utf-8")
    return made


def _instant(post: dict[str, Any]) -> tuple[float, str]:
    return datetime.fromisoformat(post["posted_at"]).timestamp(), post["id"]


def _carry(groups: list[Script]) -> None:
    """Forwards and pasted copies: each block of ``forwards.txt`` goes into the groups it names."""
    by_name = {group.name: group for group in groups}
    for block in (HERE / "writing" / "forwards.txt").read_text("utf-8").split("\n\n"):
        rows = [row for row in block.splitlines() if row and not row.startswith("#")]
        if rows:
            head = dict(pair.split("=", 1) for pair in rows[0].split("; "))
            _carry_one(head, rows[1:], by_name)


def _carry_one(head: dict[str, str], texts: list[str], groups: dict[str, Script]) -> None:
    day, clock = head["at"].split(" ")
    hour, minute = clock.split(":")
    numbers = tuple(f"ex22-{number}" for number in head.get("facts", "").split(",") if number)
    for target in head["into"].split(","):
        name, _, times = target.partition("*")
        origin_at = day_of(int(day), zone_of({"offset": "3"})) + timedelta(hours=int(hour), minutes=int(minute))
        for time in range(int(times or 1)):
            lag = 4 + number_from(head["at"], texts[0], name, time, below=int(head.get("within", "600")))
            at = (origin_at + timedelta(minutes=lag)).astimezone(zone_of(groups[name].head))
            text = texts[number_from(name, time, texts[0], below=len(texts))] if "from" not in head else texts[0]
            line = Line(at + timedelta(seconds=time % 60), text.replace("\\n", "\n"), numbers)
            if "from" in head:
                line.forwarded_from, line.forwarded_at = head["from"], origin_at
            groups[name].lines.append(line)


def _posts(urls: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Tweets, channel posts and news lines; a line reads ``who | text``."""
    for script in scripts_in(HERE / "writing" / "posts"):
        for place, line in enumerate(script.lines):
            who, _, text = line.text.partition(" | ")
            head = script.head
            post: dict[str, Any] = {
                "id": f"ex22-{script.name}-{place:03d}",
                "chat": {"title": who, "kind": head["kind"], "about": head.get("about") or None},
                "lang": head["lang"],
                "posted_at": line.at.isoformat(),
                "reply_to": None,
                "text": text,
                "author": who,
            }
            if line.parent is not None:
                post["reply_to"] = {"text": line.parent.text.partition(" | ")[2]}
            if line.facts:
                post |= {"url": urls[line.facts[0]], "facts": list(line.facts)}
            if head.get("official") == "yes":
                post["official"] = True
            yield post | {"label": LABEL}


def _counts(known: dict[str, dict[str, str]]) -> str:
    """Official daily counts, one row a count."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(["date", "where", "toward", "kind", "value", "fact", "url"])
    done: set[tuple[str, ...]] = set()
    for number, row in sorted(known.items(), key=lambda pair: (pair[1]["time"], pair[0])):
        key = (row["time"][:10], row["where"], _toward(row), row["kind"])
        usable = row["authority"] == "official" and row["precision"] != "approx" and row["bound"] in {"as_stated", ""}
        if not usable or row["kind"] not in _COUNTED or row["high"] or number in _LEFT_OUT or key in done:
            continue
        if "2022-09-17" <= key[0] <= "2022-10-06" and _PLACE.fullmatch(row["where"]):
            done.add(key)
            kind = _COUNTED[row["kind"]]
            writer.writerow([key[0], row["where"], key[2], kind, row["value"].removesuffix(".0"), number, row["url"]])
    return told.getvalue()


def _toward(row: dict[str, str]) -> str:
    other = row["border"].removeprefix("RU-")
    return {"out of Russia": other, "both": ""}.get(row["direction"], "RU")


def main() -> int:
    """Writes the archive; with ``--check`` says instead which files differ."""
    made = build()
    wrong = [name for name, text in made.items() if not _same(TARGET / name, text)]
    if "--check" in sys.argv:
        print("\n".join(wrong) or "the archive is what its source says")
        return 1 if wrong else 0
    for name in wrong:
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / name).write_text(made[name], "utf-8")
    print(f"{len(made)} files, {len(wrong)} written")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
