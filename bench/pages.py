"""What pages cost: bytes of a first view, of an update and of a day of updates; server time; a slow phone's first text.

``python -m bench.pages`` loads the bundled archive into a store of its own first; ``--write`` puts what the budgets
are about into docs/board.md. It ends with an error when a budget does not hold.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from bench import ROOT, markdown, print_table, write_block
from tests.servers import free_port

BUSY = datetime(2022, 9, 26, tzinfo=UTC)
VIEWS = (
    "/",
    "/r/all",
    "/r/kazakhstan",
    "/c/verkhny-lars",
    "/m/caucasus",
    "/m/all",
    "/save/all",
    "/digest/verkhny-lars",
)
PAGE = ROOT / "docs" / "board.md"
FIRST_VIEW, WHOLE = 14 * 1024, 100 * 1024  # bytes: one round trip; with scripts and picture
USEFUL_TEXT = 2_000  # milliseconds on the slow phone
LAZY = ("/m/",)  # pages that nobody sees first
CODES = ("en", "ru", "uk", "ar", "kk", "ka", "fi", "de", "fr")
TIMED = ("/r/caucasus", "/r/all", "/c/verkhny-lars", "/row/verkhny-lars", "/now/all.json")
VIEW_HEAD = ("page", "brotli", "gzip", "with script and picture", "largest in")
PHONE_HEAD = ("page", "first paint", "first useful text", "loaded")
BROKEN: list[str] = []  # budgets that do not hold
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
USEFUL = """() => {
  const look = () => {
    const text = document.querySelector(".row .s, .answer .a");
    const seen = text && text.getBoundingClientRect().height;
    requestAnimationFrame(seen ? () => { window.useful = performance.now(); } : look);
  };
  look();
}"""


def load_archive(folder: str) -> Any:
    """A store with the bundled archive in it."""
    from verst.cli.loading import load_and_settle
    from verst.cli.serving import archive_files
    from verst.store import open_store

    store = open_store(f"sqlite:///{Path(folder) / 'verst.db'}")
    load_and_settle(store, archive_files())
    return store


def make_board(store: Any) -> Starlette:
    """The board over it."""
    from verst.geography import load_kinds, load_regions
    from verst.web import make_app

    return make_app(store, load_regions(), load_kinds())


def weigh(client: TestClient, path: str, encoding: str = "br") -> int:
    """Bytes on the wire of one answer's body."""
    with client.stream("GET", path, headers={"Accept-Encoding": encoding}) as answer:
        return len(b"".join(answer.iter_raw()))


def weigh_views(client: TestClient) -> list[tuple[str, str, str, str, str]]:
    """Every kind of page in the language in which it is largest: brotli, gzip, and with what it loads besides."""
    beside = sum(weigh(client, f"/static/{name}") for name in ("verst.js", "mark.svg"))
    rows = []
    for view in VIEWS:
        at = f"at={BUSY:%Y-%m-%d}T09:00Z"
        sizes = {code: (weigh(client, f"{view}?{at}&lang={code}"), code) for code in CODES}
        size, code = max(sizes.values())
        packed = weigh(client, f"{view}?{at}&lang={code}", "gzip")
        rows.append((view, f"{size:,}", f"{packed:,}", f"{size + beside:,}", code))
        hold(f"{view} in {code}", packed, WHOLE if view.startswith(LAZY) else FIRST_VIEW)
        hold(f"{view} in {code} with all it loads", packed + beside, WHOLE)
    print_table("bytes of a first view", VIEW_HEAD, rows)
    return rows


def hold(what: str, cost: float, most: float) -> None:
    """Note what costs more than it may."""
    if cost > most:
        BROKEN.append(f"{what}: {cost:,.0f} of {most:,.0f}")


def weigh_day(client: TestClient, region: str) -> tuple[int, int, int, int]:
    """Updates, rows and bytes of one page that stays open all of the busy day; and of the largest update."""
    shown: dict[str, str] = {}
    updates = rows = size = largest = 0
    for quarter in range(97):
        at = f"{BUSY + quarter * timedelta(minutes=15):%Y-%m-%dT%H:%MZ}"
        path = f"/now/{region}.json?at={at}"
        told = client.get(path).json()
        known = told["known"]
        changed = [name for name, stamp in known.items() if shown.get(name) != stamp]
        if quarter and (changed or shown.keys() != known.keys()):
            cost = weigh(client, path) + sum(weigh(client, f"/row/{name}?at={at}&lang=ru") for name in changed)
            updates, rows, size, largest = updates + 1, rows + len(changed), size + cost, max(largest, cost)
        shown = known
    return updates, rows, size, largest


def weigh_updates(client: TestClient) -> None:
    """What a page that stays open takes in a day."""
    rows = []
    for region in ("caucasus", "all"):
        updates, count, size, largest = weigh_day(client, region)
        rows.append((region, str(updates), str(count), f"{size:,}", f"{size // max(1, updates):,}", f"{largest:,}"))
    head = ("board", "updates", "rows", "bytes of the day", "bytes an update", "largest")
    print_table(f"a board open all of {BUSY:%d %B %Y}, asked every quarter of an hour, brotli", head, rows)


async def call(app: Starlette, path: str) -> int:
    """One request straight into the application; bytes of its body."""
    size = 0
    where, _, query = path.partition("?")
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": where, "root_path": "",
        "raw_path": where.encode(), "query_string": query.encode(), "headers": [(b"accept-encoding", b"br")],
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "extensions": {},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal size
        size += len(message.get("body", b""))

    await app(scope, receive, send)
    return size


async def clock_paths(app: Starlette, times: int = 60) -> list[tuple[str, str, str]]:
    """Median milliseconds of each path, from memory and made anew."""
    rows = []
    for path in TIMED:
        full = f"{path}?at={BUSY:%Y-%m-%d}T09:00Z&lang=ru"
        await call(app, full)
        kept, anew = [], []
        for turn in range(times):
            started = time.perf_counter()
            await call(app, full)
            kept.append(time.perf_counter() - started)
            if turn % 3 == 0:
                forget(app)
                started = time.perf_counter()
                await call(app, full)
                anew.append(time.perf_counter() - started)
        rows.append((path, f"{1000 * statistics.median(kept):.2f}", f"{1000 * statistics.median(anew):.1f}"))
    return rows


def forget(app: Starlette) -> None:
    """Empty what the application keeps in memory."""
    app.state.kept.bodies.clear()
    app.state.site.memo.kept.clear()


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The board behind a real server on loopback."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    port, loop = free_port(), asyncio.new_event_loop()
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    time.sleep(1)
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(server.stop)
    thread.join(10)


def open_slowly(address: str, program: str) -> list[tuple[str, str, str, str]]:
    """A phone six times slower than this machine, 400 kbit/s and 400 ms away: milliseconds to the first useful text."""
    from playwright.sync_api import sync_playwright

    rows = []
    with sync_playwright() as play:
        args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=program, args=args)
        for path in ("/", "/r/all", "/c/verkhny-lars"):
            context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
            page = context.new_page()
            link = context.new_cdp_session(page)
            link.send("Network.enable")
            link.send("Network.emulateNetworkConditions", SLOW)
            link.send("Emulation.setCPUThrottlingRate", {"rate": 6})
            page.add_init_script(f"({USEFUL})()")
            page.goto(f"{address}{path}?at={BUSY:%Y-%m-%d}T09:00Z&lang=ru", wait_until="load")
            page.wait_for_function("window.useful")
            paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
            whole = "performance.timing.loadEventEnd - performance.timing.navigationStart"
            told = [page.evaluate(what) for what in (paint, "window.useful", whole)]
            hold(f"{path} on the slow phone", told[1], USEFUL_TEXT)
            rows.append((path, *(f"{value:,.0f}" for value in told)))
            context.close()
        browser.close()
    return rows  # type: ignore[return-value]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = make_board(load_archive(folder))
        with TestClient(app) as client:
            views = weigh_views(client)
            weigh_updates(client)
        rows = asyncio.run(clock_paths(app))
        print_table("server time, median milliseconds, without the network", ("path", "from memory", "made anew"), rows)
        program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if program is None:
            sys.exit("pages: no Chromium here, so no slow phone")
        with served(app) as address:
            phone = open_slowly(address, program)
        print_table("slow phone (CPU x6, 400 kbit/s, 400 ms), milliseconds", PHONE_HEAD, phone)
    if "--write" in sys.argv:
        write_block(PAGE, "bench.pages", f"{markdown(VIEW_HEAD, views)}\n{markdown(PHONE_HEAD, phone)}")
    if BROKEN:
        sys.exit("pages: over budget: " + "; ".join(BROKEN))


if __name__ == "__main__":
    main()
