"""Everything that goes wrong on bad days, at once, and what holds afterwards: ``python -m bench.chaos --minutes 30``.

`verst up`, `verst listen`, `verst load` and `verst tell` run as they do anywhere, under a clock of the bench that runs
fast (``--speed``). Posts come by six ways, in any order, twice, edited, late and of the future. Meanwhile processes are
killed with -9, the database crashes, the disk is full, the clock jumps, places hang, cut off, answer 429 or send
rubbish. At the end what was acknowledged must be stored, every alert told once by its key, and the board be that of a
calm run.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench import ROOT, markdown, print_table, write_block
from bench.chaos_checks import all_said, check_told, check_words, compare, latest, run_calmly, settle_at
from bench.chaos_clock import Clock
from bench.chaos_posts import LAST, Sayings
from bench.chaos_sites import POLLED, Sites, serve
from bench.chaos_storm import Storm
from bench.chaos_world import World, wait_until
from bench.serve import free_port
from verst.store import outbox_of

BEGIN = datetime.fromisoformat("2022-09-24T06:00+00:00")
PAGE = ROOT / "docs" / "operations.md"
PATIENCE = 300.0  # seconds in which everything must be well again


@dataclass
class Result:
    """The lines of the table, and what did not hold."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, tried: str, wrong: list[str]) -> None:
        self.rows.append((name, tried, "held" if not wrong else f"NOT: {len(wrong)}"))
        self.wrong += wrong


def run(engine: str, seconds: float, seed: int, speed: float, keep: Path | None = None) -> Result:
    """One storm over one engine of the store, and what held. ``keep``: where its folder is copied to afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="verst-chaos-")))
        dice, clock = random.Random(seed), Clock(folder / "clock")
        url, restart = open_engine(engine, folder, stack)
        sites = Sites(Sayings(random.Random(seed)), random.Random(seed + 1))
        server = serve(sites)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        clock.begin(BEGIN, speed)
        world = World(folder, clock, url, free_port(), f"http://127.0.0.1:{server.server_port}", dice)
        storm = Storm(world, sites, restart)
        stack.callback(lambda: [each.kill() for each in world.all])
        storm.rage(seconds)
        result = Result()
        result.wrong += storm.wrong + calm_down(storm, world, sites)
        check(result, storm, world, sites)
        if keep is not None:
            said = [f"{each.name}: {line}" for each in world.all for line in each.lines]
            (folder / "said").write_text("\n".join(said), encoding="utf-8")
            shutil.copytree(folder, keep, dirs_exist_ok=True)
        return result


def open_engine(engine: str, folder: Path, stack: ExitStack) -> tuple[str, Callable[[], None] | None]:
    """The address of a fresh store, and what makes its server crash and begin anew."""
    if engine == "sqlite":
        return f"sqlite:///{folder}/verst.db", None
    from tests import postgres

    server = stack.enter_context(postgres.server())
    data = server.folder / "data"

    def control(*words: str) -> None:
        server.run("pg_ctl", "-D", str(data), "-w", "-l", str(data / "restarted.log"), *words)

    stack.callback(lambda: control("stop", "-m", "fast"))
    return server.new(), lambda: control("restart", "-m", "immediate")


def calm_down(storm: Storm, world: World, sites: Sites) -> list[str]:
    """Nothing more goes wrong: everything is well again before long, or it is told what is not."""
    wrong, begun = [], time.monotonic()
    for running in (world.up, world.listen):
        world.fill_disk(running, full=False)
    world.clock.put()
    with sites.lock:
        storm.sayings.close(world.clock.true(), "posts")
        sites.whole = True
    if not storm.load_rest():
        wrong.append("files could not be loaded to their end")
        for running in world.all:
            running.show_itself()

    def is_well() -> bool:
        storm.look()
        return sites.settled >= set(POLLED) and has_told(sites) and answers(world.port) and has_all(world, sites)

    if not wait_until(is_well, PATIENCE):
        for running in world.all:
            running.show_itself()
        left = sorted(set(POLLED) - sites.settled)
        wrong.append(f"not well after {PATIENCE:.0f} s: never had all of {left}, told {has_told(sites)} of the end, "
                     f"board answers: {answers(world.port)}")  # fmt: skip
    wait_until(lambda: nothing_waits(world), 30)
    for running in (world.listen, world.up):
        running.end()
    print(f"calm after {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return wrong


def has_all(world: World, sites: Sites) -> bool:
    """Whether everything the stream told is kept."""
    ids = {post["id"] for post in sites.sayings.said["events"]}
    with world.opened() as store:
        return ids == store.known(ids)


def has_told(sites: Sites) -> bool:
    """Whether both who are told know of the closing at the end."""
    found = {path for path, _, body in sites.told if f'"where":"{LAST}"'.encode() in body and b'"closed"' in body}
    return len(found) == 2


def nothing_waits(world: World) -> bool:
    with world.opened() as store:
        return not outbox_of(store).tally().get("waiting")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def check(result: Result, storm: Storm, world: World, sites: Sites) -> None:
    """Hold everything that must be so against what is."""
    at = world.clock.true()
    said = latest(all_said(storm, world.home))
    acknowledged = storm.acknowledged()
    with world.opened() as store:
        missing = acknowledged - store.known(acknowledged)
        result.add("acknowledged = stored", f"{len(acknowledged):,} acknowledged", [f"{n} is missing" for n in missing])
        kept = {post.id: post for post, _, _ in store.every_post()}
        forms = {name: post for name, post in kept.items() if name.startswith("form-")}
        wrong = [f"{name} is not as it was said" for name, post in said.items() if kept.get(name) != post]
        wrong += [f"{name} was never said" for name in kept.keys() - said.keys() - forms.keys()]
        result.add("said = stored, once", f"{len(said):,} said, {len(forms):,} by the form", wrong)
        tried, wrong = check_told(world, sites)
        result.add("told once by key", tried, wrong)
        with store.sole():
            settle_at(store, at)
        calm = run_calmly(world.home / "calm.db", [*said.values(), *forms.values()], at)
        count, wrong = compare(store, calm, at)
        calm.close()
    result.add("board as of a calm run", f"{count:,} estimates", wrong)
    kills = {each.name: 0 for each in world.all}
    for each in world.all:
        kills[each.name] += each.kills
    tried = ", ".join(f"{name} {n}" for name, n in kills.items())
    result.add("kill -9", tried, [line for line in storm.wrong if "kill" in line])
    result.add("errors name their cause", *check_words(world, sites, storm))
    done = {**storm.done, **{f"met {name}": n for name, n in sites.made.items()}}
    result.rows.append(("done", ", ".join(f"{name} {n}" for name, n in sorted(done.items())), ""))


def table_of(result: Result, told: argparse.Namespace, engine: str, engines: int) -> str:
    """The table for a page."""
    lasted = f"{engine}: {told.minutes / engines:g} minutes, seed {told.seed}, {told.speed:g} times as fast"
    return markdown((lasted, "tried", "and"), result.rows)


def main() -> None:
    read = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    read.add_argument("--minutes", type=float, default=30.0, help="of storm, over all engines together")
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--speed", type=float, default=30.0, help="how many times as fast time passes")
    read.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    read.add_argument("--keep", type=Path, help="a folder for the stores and what the processes said, by engine")
    read.add_argument("--write", action="store_true", help="put the tables into docs/operations.md")
    told = read.parse_args()
    engines = ["sqlite", "postgresql"] if told.store == "both" else [told.store]
    failed = False
    for engine in engines:
        keep = told.keep / engine if told.keep else None
        result = run(engine, 60 * told.minutes / len(engines), told.seed, told.speed, keep)
        print_table(f"{engine}, seed {told.seed}, {told.speed:g} times as fast", ("what", "tried", "and"), result.rows)
        if told.write:
            write_block(PAGE, f"bench.chaos --store {engine}", table_of(result, told, engine, len(engines)))
        for line in sorted(dict.fromkeys(result.wrong), key=lambda line: line.startswith("after "))[:40]:
            print(f"  wrong: {line}")
        failed = failed or bool(result.wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
