"""Writes docs/fusion.md: every table of fusion, from the commands that make them. Run: python -m bench.fusion_tables

`--only NAME` makes one table anew and keeps the others. Nothing in that page is written by hand but the words here.
"""

from __future__ import annotations

import re
import subprocess
import sys

from bench import ROOT

PAGE = ROOT / "docs/fusion.md"
HEAD = """# Fusion: what it does, and how well

Made by `python -m bench.fusion_tables`; each table is what the command above it printed. What was kept apart: the
nowcast's constants were set on other series than it is judged on here (`python -m bench.nowcast --set` shows those),
and nothing was set on the held-out facts. What was not: budgets were set with the tables of attacks and closures in
sight; those figures flatter. The way of forecasting was chosen on the four crossings that `bench/queue_series.py` names
for setting and on Peace Arch in 2016. Why it is made so:
[a grid filter](decisions/0004-grid-filter.md), [means not said](decisions/0009-means-not-said.md),
[budgets per opinion](decisions/0010-budgets-per-opinion.md).
"""
TABLES = {
    "nowcast": "Queues as they are now, from made-up crowd reports on real series. Aims: an error 30 % below the best "
    "peer at 5 reports an hour, and CRPS likewise; ranges that hold 76 to 84 %. The peers are told the true pace "
    "of the border, hear no copies and no \"so far\", and get ranges from their own errors afterwards.",
    "attack": "Two hundred fake posts an hour by a hundred accounts. Aims: at 30 honest posts an hour the median moves "
    "by less than 20 % and passage never flips; at 5 it is called disputed and widens. Accounts that grew old first "
    "still win against few honest people: only authorities' figures, or a cost of being someone, help against them.",
    "closures": "Open or closed. Aims: seen within 30 minutes at 10 status posts an hour, less than one false a month. "
    "Below: what the quickest test needs that is told who is honest. Both aims at once are not in these words: people "
    "tell late by 20 minutes in the mean and one in twelve wrongly.",
    "forecast": "The next hours. Aims: below \"as now\" at 1, 3 and 24 hours at every crossing with data; ranges that "
    "hold 80 % at each horizon, for queues and for waits.",
    "facts_replay": "Dated facts of September 2022, held out. Aim: the 80 % range covers them as often as it says.",
    "ranges": "Ranges kept online: an authority's readings, where there are any, widen or narrow them. Aim: 76 to 84 % "
    "in each row once they had time to; where nobody reads, ranges stay as they were set.",
    "fusion_peers": "Libraries beside it. Their votes learn who is reliable from the hours to come as well; their "
    "particles are told the true pace of the border, and hear no copies and no \"so far\".",
    "fusion_truths": "Public benchmarks of conflicting figures: flights (minutes of departure and arrival, 34 sources, "
    "many of them copies) and populations of towns as many hands wrote them. Aims: .96 where the truth of 2 % of the "
    "flights is known; a mean error of 1,550 people.",
    "fusion_speed": "Aims: 50,000 claims a second on one core for 500 crossings, less than 64 KB a crossing.",
}  # fmt: skip


def section(name: str, printed: str) -> str:
    """One part of the page."""
    return f"## {name}\n\n{TABLES[name]}\n\n`python -m bench.{name}`\n\n```text\n{printed.rstrip()}\n```\n"


def verdicts(printed: dict[str, str]) -> str:
    """Met or missed, worked out of the tables."""
    lines = []
    for unit, column in (("relative error, mean of the series", 2), ("error in vehicles", 3), ("CRPS", 4)):
        rows = [re.split(r"\s{2,}", line.strip()) for line in printed.get("nowcast", "").splitlines()]
        at_five = {row[1]: float(row[column]) for row in rows if len(row) == 6 and row[0] == "5"}
        if at_five:
            best = min(value for name, value in at_five.items() if name != "Verst")
            share = at_five["Verst"] / best - 1.0
            lines.append((f"nowcast at 5 reports/h, {unit}: {share:+.0%} against the best peer", share <= -0.3))
    held = [row[5] for row in _rows(printed.get("nowcast", ""), 6) if row[1] == "Verst"]
    if held:
        good = all(76.0 <= float(each.rstrip("%")) <= 84.0 for each in held)
        lines.append((f"80 % ranges at 1, 5 and 30 reports/h hold {', '.join(held)}", good))
    for row in _rows(printed.get("attack", ""), 6):
        strong = row[0] == "30"
        good = row[5] == "no" and (float(row[2].rstrip("%")) < 20 if strong else row[3] == "100%")
        moved = f"moved {row[2]}, disputed {row[3]}, passage flipped {row[5]}"
        lines.append((f"{row[1]} against {row[0]} honest posts/h: {moved}", good))
    for row in _rows(printed.get("closures", ""), 5):
        good = float(row[2]) < 30 and float(row[4]) < 1
        lines.append(
            (f"closures, {row[0]} status and {row[1]} fake posts/h: {row[2]} min, {row[4]} false a month", good)
        )
    for name in ("history", "live"):
        found = re.search(rf"{name}[^:\n]*: ([\d,]+) claims/s", printed.get("fusion_speed", ""))
        if found:
            lines.append((f"{name}: {found[1]} claims/s", int(found[1].replace(",", "")) >= 50_000))
    lines += kept_aims(printed)
    covered = re.search(r"covered by the 80 % range: (.*) \((\d+)%\)", printed.get("facts_replay", ""))
    if covered:
        lines.append((f"facts held out: {covered[1]} covered, {covered[2]} %", int(covered[2]) >= 80))
    above = re.search(r"Above 'as now': (.*)", printed.get("forecast", ""))
    if above:
        for hours in ("1", "3", "24"):
            worse = len(re.findall(rf" {hours} h", above[1]))
            lines.append((f'forecast at {hours} h: {worse} series above "as now"', worse == 0))
    return "## Met and missed\n\n" + "\n".join(f"- {'met' if good else '**missed**'}: {text}" for text, good in lines)


def kept_aims(printed: dict[str, str]) -> list[tuple[str, bool]]:
    """Of ranges kept online, and of what is kept of a crossing."""
    lines = []
    for row in [re.split(r"\s{2,}", line) for line in printed.get("ranges", "").splitlines()[2:]]:
        good = 76.0 <= float(row[4].rstrip("%")) <= 84.0
        lines.append((f"80 % ranges with readings, crowd {row[0]}, {row[1]}: hold {row[4]}", good))
    for kept in re.findall(r"its state[^\d]*?(\d+) +\d+$", printed.get("fusion_speed", ""), re.MULTILINE):
        lines.append((f"state of a crossing as kept: {kept} KB", int(kept) < 64))
    return lines


def _rows(printed: str, width: int) -> list[list[str]]:
    rows = [re.split(r"\s{2,}", line.strip()) for line in printed.splitlines()]
    return [row for row in rows if len(row) == width and row[0].isdigit()]


def kept() -> dict[str, str]:
    """The tables that the page holds now."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return dict(re.findall(r"`python -m bench\.(\w+)`\n\n```text\n(.*?)```", text, re.DOTALL))


def main() -> None:
    """Run the benches and write the page."""
    only = sys.argv[sys.argv.index("--only") + 1 :] if "--only" in sys.argv else list(TABLES)
    made = dict[str, str]()
    for name in only:
        command = [sys.executable, "-m", f"bench.{name}"]
        made[name] = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    printed = kept() | made  # read last: another run may have made other tables meanwhile
    parts = [section(name, printed[name]) for name in TABLES if name in printed]
    PAGE.write_text("\n".join([HEAD, verdicts(printed) + "\n", *parts]), encoding="utf-8")


if __name__ == "__main__":
    main()
