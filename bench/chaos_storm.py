"""Nothing by itself: what befalls the processes of `bench.chaos`, at moments and in an order that its seed decides."""

from __future__ import annotations

import random
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

from bench.chaos_clock import ZONES
from bench.chaos_posts import PLACES, WAYS, Sayings, as_lines, useless_files
from bench.chaos_sites import HOOK_TROUBLES, POLLED, STREAM_TROUBLES, TROUBLES, Sites
from bench.chaos_world import Running, World, wait_until
from verst.errors import StoreError
from verst.model import Post
from verst.sources import Door
from verst.sources.door import RawPost
from verst.sources.feed import MOST_ITEMS
from verst.work.form import in_letters

TOWARD = {"verkhny-lars": "GE", "ozinki-taskala": "KZ", "vaalimaa-torfyanovka": "FI", "mashtakovo-syrym": "KZ",
          "nuijamaa-brusnichnoye": "FI", "yarag-kazmalyar-samur": "AZ"}  # fmt: skip
JUMPS = (-26, -5, -0.5, 0.5, 3, 40)  # hours a clock is wrong by
EVERY = 0.15  # seconds between posts, on average
REST = 1.5  # seconds between troubles, on average
MOST_BESIDE = 4  # commands begun beside the two: where they end slowly, no more are begun


class Storm:
    """Speaks and does harm until its time is over. ``done``: what was done, by name; ``wrong``: what did not hold."""

    def __init__(self, world: World, sites: Sites, restart: Callable[[], None] | None) -> None:
        self.world, self.sites, self.dice = world, sites, random.Random(world.dice.random())
        self.sayings: Sayings = sites.sayings
        self.restart_database = restart
        self.done, self.wrong, self.later = Counter[str](), list[str](), list[tuple[float, Callable[[], None]]]()
        self.files: dict[Path, set[str]] = {}  # of posts, each with the ids in it
        self.written: set[tuple[str, str | None]] = set()
        self.loads: dict[Path, Running] = {}
        self.form = Form(world, self.dice.randrange(1 << 30))
        self.off = timedelta()
        self.door: Door | None = None  # with the key that the processes made
        self.names: dict[str, str] = {}

    def rage(self, seconds: float) -> None:
        """Speak and do harm for so long."""
        self.form.begin()
        until, harm = time.monotonic() + seconds, time.monotonic() + 4
        while time.monotonic() < until:
            time.sleep(self.dice.expovariate(1 / EVERY))
            with self.sites.lock:
                self.sayings.say(self.world.clock.true(), self.dice.choice(self.ways()))
            self.look()
            if time.monotonic() >= harm:
                name = self.dice.choice(self.harms())
                self.done[name] += 1
                getattr(self, name)()
                harm = time.monotonic() + self.dice.expovariate(1 / REST)
        self.form.end()
        for _, undo in self.later:
            undo()
        self.sites.trouble.clear()

    def ways(self) -> list[str]:
        """How something may be said: of a feed no more is read than it may hold, and at the end it shows all."""
        return [way for way in WAYS if way != "news" or len(self.sayings.said[way]) < MOST_ITEMS - 100]

    def look(self) -> None:
        """Begin again what ended; undo what is over."""
        for running in self.world.all:
            if running is self.world.listen and running.process is None:
                self.sites.life += 1
            running.look()
        due = [each for each in self.later if each[0] <= time.monotonic()]
        self.later = [each for each in self.later if each not in due]
        for _, undo in due:
            undo()

    def harms(self) -> list[str]:
        """What may be done next, as often as it should be."""
        beside = sum(each.process is not None for each in self.world.once)
        often = ["load", "load", "load_useless", "tell"] if beside < MOST_BESIDE else []
        often += [
            "trouble",
            "trouble",
            "trouble_telling",
            "kill_up",
            "kill_listen",
            "kill_once",
            "set_clock",
            "set_zone",
        ]
        return [*often, "crash_database" if self.restart_database else "fill_disk"]  # its server writes, not they

    def trouble(self) -> None:
        """A place hangs, breaks off, answers 429 or sends rubbish."""
        path = self.dice.choice((*POLLED, "/events"))
        kind = self.dice.choice(STREAM_TROUBLES if path == "/events" else TROUBLES)
        self.sites.trouble[path] = kind, time.monotonic() + self.dice.uniform(1, 5)

    def trouble_telling(self) -> None:
        """Who is told hangs, breaks off after taking it, or will not have it now."""
        path = self.dice.choice(("/hook-a", "/hook-b"))
        self.sites.trouble[path] = self.dice.choice(HOOK_TROUBLES), time.monotonic() + self.dice.uniform(1, 4)

    def load(self) -> None:
        """A file of posts is loaded: what was not in one before, or one that was not loaded to its end."""
        self.write_file()
        for file in self.files:
            if not self.is_loaded(file) and (file not in self.loads or self.loads[file].process is None):
                self.loads[file] = self.world.run_once("load", str(file))
                return

    def write_file(self) -> None:
        """Put into a file what was not in one before."""
        own = [each for each in self.sayings.said["files"] if (each["id"], each.get("edited_at")) not in self.written]
        if own:
            file = self.world.home / f"posts-{len(self.files)}.jsonl"
            file.write_bytes(as_lines(own))
            self.files[file] = {each["id"] for each in own}
            self.written |= {(each["id"], each.get("edited_at")) for each in own}

    def is_loaded(self, file: Path) -> bool:
        """Whether a load of a file said that all of it is kept."""
        return file in self.loads and any(code == 0 for code, _ in self.loads[file].ends)

    def load_useless(self) -> None:
        """A corrupt or hostile file is loaded."""
        name, data = self.dice.choice(sorted(useless_files(self.dice).items()))
        file = self.world.home / name
        file.write_bytes(data)
        self.world.run_once("load", str(file))

    def tell(self) -> None:
        """A second teller beside the board."""
        self.world.run_once("tell")

    def kill_up(self) -> None:
        self.kill(self.world.up)

    def kill_listen(self) -> None:
        self.kill(self.world.listen)

    def kill_once(self) -> None:
        """Whatever command runs beside the two."""
        running = [each for each in self.world.once if each.process is not None]
        if running:
            self.kill(self.dice.choice(running))

    def kill(self, running: Running) -> None:
        """kill -9, and what was acknowledged is there."""
        if running.kill():
            self.check_acknowledged(f"kill of {running.name}")

    def acknowledged(self) -> set[str]:
        """Ids of everything that somebody was told is kept."""
        found = {name for ids in self.sites.acknowledged.values() for name in ids}
        found = found.union(*(ids for file, ids in self.files.items() if self.is_loaded(file)))
        return {self.kept_as(name) for name in found} | self.form.acknowledged

    def kept_as(self, name: str) -> str:
        """The id under which a post of that name is kept: one that looks like a number of a person is another."""
        if name not in self.names:
            door = self.door = self.door or Door.from_key_file(self.world.home / "key")
            raw = RawPost(id=name, chat_title="", chat_kind="group", posted_at=self.world.clock.true(), text="x")
            self.names[name] = next(item.id for item in door.admit(raw) if isinstance(item, Post))
        return self.names[name]

    def check_acknowledged(self, after: str) -> None:
        """Everything acknowledged is in the store, seen by another process."""
        ids = self.acknowledged()
        try:
            with self.world.opened() as store:
                missing = ids - store.known(ids)
        except StoreError:
            return  # the database is down; the next look sees it
        if missing:
            self.wrong.append(f"after {after}: {len(missing)} acknowledged posts are missing, such as {min(missing)}")

    def fill_disk(self) -> None:
        """The disk is full for a process, for some seconds."""
        running = self.dice.choice((self.world.up, self.world.listen))
        self.world.fill_disk(running, full=True)
        self.undo(self.dice.uniform(1, 4), lambda: self.world.fill_disk(running, full=False))

    def set_clock(self) -> None:
        """The clock is wrong for some seconds, then right again."""
        self.off = timedelta(hours=self.dice.choice(JUMPS))
        self.world.clock.put(self.off, self.dice.choice(ZONES))
        self.undo(self.dice.uniform(1, 4), self.set_right)

    def set_right(self) -> None:
        self.off = timedelta()
        self.world.clock.put()

    def set_zone(self) -> None:
        self.world.clock.put(self.off, self.dice.choice(ZONES))

    def crash_database(self) -> None:
        """The database server ends at once, without a word, and begins anew."""
        assert self.restart_database is not None
        self.restart_database()
        self.check_acknowledged("a crash of the database")

    def undo(self, seconds: float, work: Callable[[], None]) -> None:
        self.later.append((time.monotonic() + seconds, work))

    def load_rest(self) -> bool:
        """Load whatever was not loaded to its end; whether all of it is."""
        self.write_file()

        def all_loaded() -> bool:
            self.look()
            left = [file for file in self.files if not self.is_loaded(file)]
            if left and not any(each.process for each in self.world.once):
                running = self.world.run_once("load", *map(str, left))
                self.loads |= dict.fromkeys(left, running)
            return all(self.is_loaded(file) for file in self.files)

        return wait_until(all_loaded, 400)


class Form:
    """People who fill in the form, one after another; each sends it again until it is taken, a few times at most."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice, self.ended = world, random.Random(seed), Event()
        self.acknowledged: set[str] = set()
        self.sent = 0
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self.ended.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self.ended.is_set():
            self.sent += 1
            place, once = self.dice.choice(sorted(PLACES)), f"once-{self.dice.randrange(1 << 60)}"
            fields = {"once": once, "toward": TOWARD[place], "mode": "car", "hours": str(self.dice.randrange(1, 30)),
                      "passage": self.dice.choice(("moving", "closed")), "words": f"{self.sent}-й раз"}  # fmt: skip
            for _ in range(4):
                if self._send(place, fields):
                    self.acknowledged |= {f"form-said-{in_letters(once)}", f"form-words-{in_letters(once)}"}
                    break
            self.ended.wait(self.dice.expovariate(1 / 0.6))

    def _send(self, place: str, fields: dict[str, str]) -> bool:
        """Whether the page said thank you."""
        address = f"10.{self.dice.randrange(256)}.{self.dice.randrange(256)}.1"
        question = urllib.request.Request(
            f"http://127.0.0.1:{self.world.port}/say/{place}", urllib.parse.urlencode(fields).encode(),
            {"X-Forwarded-For": address},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(question, timeout=15) as answer:
                return bool(answer.status == 200)
        except OSError:
            self.ended.wait(0.3)
            return False
