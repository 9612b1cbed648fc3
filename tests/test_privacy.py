"""Nobody is exposed: personal data of ten kinds goes in by every door and comes out of no window."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.testclient import TestClient

from bench.telegram import ADMIN, GROUP, ME, Telegram
from tests.bot.process import run_bot, taken, until
from tests.planting import IN_WORDS, Planted, account_id, handle, left_over, mail, phone, plant
from tests.planting import name as full_name
from tests.web.desk_world import PASSWORD, Clock, come, enlist, form_of, judge, make_board, open_world
from verst.geography import load_kinds, load_regions
from verst.model import Post, Skipped
from verst.sources import Door, Mark, read
from verst.store import Store, open_store
from verst.web import make_app

KINDS = {*IN_WORDS, "name", "account id"}


def test_ten_kinds_are_planted_and_would_be_found(tmp_path: Path) -> None:
    files, planted = plant(random.Random(1), tmp_path)
    assert set(planted.secrets) == KINDS and len(KINDS) == 10
    raw = b"".join(file.read_bytes() for file in files)
    found = {line.partition(":")[0] for line in left_over(planted, raw)}
    assert found == KINDS


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_no_source_lets_personal_data_through(seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        files, planted = plant(random.Random(seed), Path(name))
        seen, skipped = [], []
        for file in files:
            for item in read(file, Door(b"k" * 32)):
                if isinstance(item, Post):
                    seen.append(item)
                elif isinstance(item, Skipped):
                    skipped.append(item)
                else:
                    assert isinstance(item, Mark)
        assert len(seen) >= 50 and len(skipped) == 1
        assert not left_over(planted, repr((seen, skipped)).encode())


def run_verst(home: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """The real program in a process of its own, everything it keeps under ``home``."""
    program = Path(sys.executable).parent / "verst"
    environment = {**os.environ, "VERST_HOME": str(home)}
    return subprocess.run([str(program), *words], capture_output=True, env=environment, check=False, timeout=300)


def everything_in(folder: Path) -> bytes:
    """The bytes of every file, whatever it is."""
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def everything_served(store: Store) -> bytes:
    """Every page and every answer of the API that can be reached from the board, and each post."""
    app = make_app(store, load_regions(), load_kinds())
    seen = []
    with TestClient(app) as client:
        span = store.span()
        assert span is not None
        at = span[1].strftime("%Y-%m-%dT%H:%MZ")
        posts = [report.post for report in store.reports()]
        addresses = ["/", f"/?at={at}", f"/c/verkhny-lars?at={at}", f"/api/v1/board?at={at}", "/api/v1/crossings"]
        addresses += [f"/api/v1/crossings/verkhny-lars?at={at}", f"/api/v1/crossings.geojson?at={at}"]
        addresses += [f"/api/v1/rumours?at={at}", "/api/v1/export", "/api/v1/export?file=estimates.jsonl"]
        addresses += [f"/ask?q=Ларс&at={at}", f"/api/v1/ask?q=Сколько стоит место до Ларса?&at={at}"]
        addresses += ["/c/verkhny-lars/feed.atom", "/r/all/feed.rss"]
        addresses += ["/ru/c/verkhny-lars/feed.atom", "/en/r/all/feed.rss", "/ru/c/verkhny-lars.html"]  # as published
        addresses += [f"/api/v1/posts/{quote(post)}" for post in posts]
        assert len(posts) >= 20
        for address in addresses:
            told = client.get(address)
            assert told.status_code == 200, (address, told.text[:300])
            seen.append(told.content + repr(told.headers).encode())
    return b"\n".join(seen)


@settings(max_examples=3, phases=[Phase.generate])  # each runs the program twice
@given(st.integers(0, 2**32))
def test_nothing_personal_is_kept_logged_or_served(seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        home, given_in = Path(name) / "home", Path(name) / "in"
        given_in.mkdir()
        files, planted = plant(random.Random(seed), given_in)
        done = run_verst(home, "load", *map(str, files))
        assert done.returncode in (0, 3), done.stderr.decode()
        assert b"line" in done.stdout + done.stderr  # the broken line is named, and not quoted
        claims = run_verst(home, "claims", str(files[1]))
        assert claims.stdout.strip()
        said = done.stdout + done.stderr + claims.stdout + claims.stderr
        assert not left_over(planted, said)
        assert not left_over(planted, everything_in(home))
        exported = run_verst(home, "export", str(Path(name) / "out"))
        assert exported.returncode == 0 and len(everything_in(Path(name) / "out")) > 10_000
        assert not left_over(planted, everything_in(Path(name) / "out") + exported.stderr)
        store = open_store(f"sqlite:///{next(home.rglob('*.db'))}")
        try:
            assert not left_over(planted, everything_served(store))
        finally:
            store.close()


def test_nothing_personal_stays_of_what_a_moderator_writes_or_where_they_come_from(tmp_path: Path) -> None:
    chance, planted = random.Random(5), Planted()
    words = "See " + ", ".join(make(chance, planted) for make in IN_WORDS.values())
    store, clock = open_world(tmp_path), Clock()
    enlist(store, "owl", clock)
    app = make_board(store, clock)
    owl = come(store, app, "owl", clock)
    clock.pass_minutes(1)
    assert judge(owl, "confirm", "w1", words=words).status_code == 303
    pin = {"form": form_of(owl), "crossing": "verkhny-lars", "hours": "6", "reason": "other", "words": words}
    assert owl.post("/desk/pin", data=pin, follow_redirects=False).status_code == 303
    owl.post("/desk/log-in", data={"name": "owl", "password": "wrong", "code": "1"})
    served = b"".join(owl.get(path).content for path in ("/desk", "/desk/trail", "/c/verkhny-lars"))
    store.close()
    assert b"See " in served and not left_over(planted, served)
    kept = everything_in(tmp_path)
    assert b"See " in kept and not left_over(planted, kept)
    assert PASSWORD.encode() not in kept and owl.cookies["verst-desk"].encode() not in kept
    assert b"testclient" not in kept  # the address it came from


@settings(max_examples=2, phases=[Phase.generate])  # each runs the program
@given(st.integers(0, 2**32))
def test_nothing_personal_is_kept_logged_or_said_by_the_bot(seed: int) -> None:
    chance, planted = random.Random(seed), Planted()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        telegram, said = asyncio.run(run_bot(home, lambda telegram: talk_of_people(telegram, chance, planted)))
        texts = telegram.answers("sendMessage", "editMessageText")
        assert any("30" in text and "голосов" in text for text in texts), texts  # asked, and answered with a post
        assert any(text.startswith("Corrected by") for text in texts) and any("Верхний Ларс" in text for text in texts)
        assert b'"answered"' in said and not left_over(planted, said)
        assert not left_over(planted, "\n".join(texts).encode())
        kept = everything_in(home)
        assert (home / "bot-wishes").exists() and "стоим 30 часов".encode() in kept
        assert not left_over(planted, kept)


async def talk_of_people(telegram: Telegram, chance: random.Random, planted: Planted) -> None:
    """A group that gives people away in every way, and one person in private."""
    now = int(time.time())

    def hide(make: Callable[[random.Random, Planted], str]) -> str:
        return make(chance, planted)

    for make in (*IN_WORDS.values(), *IN_WORDS.values()):
        writer = {
            "id": int(hide(account_id)[4:]),
            "is_bot": False,
            "first_name": hide(full_name),
            "username": hide(handle)[1:],
        }
        telegram.write(f"стоим 30 часов, хвост 14 км, {hide(make)}", date=now - 600, **{"from": writer})  # type: ignore[arg-type]
    await taken(telegram)
    person = int(hide(account_id)[4:])
    telegram.write(f"Сколько сейчас стоять на машине? Я {hide(full_name)}", date=now)
    telegram.write("/watch lars under 40", chat=person, by=person, date=now)
    telegram.write(f"Ларс: сколько стоять на машине? {hide(mail)}", chat=person, by=person, date=now)
    await until(lambda: len(telegram.answers()) >= 3)
    mine = next(each for each in telegram.sent if each["chat_id"] == GROUP)
    answered = {"message_id": mine["message_id"], "date": now, "chat": {"id": GROUP, "type": "supergroup"}, "from": ME}
    telegram.write(f"/correct 12 часов, {hide(phone)}", by=ADMIN, date=now, reply_to_message={**answered, "text": "x"})
    await until(lambda: bool(telegram.answers("editMessageText")))
    await taken(telegram)


def test_a_picture_leaves_its_print_alone(tmp_path: Path) -> None:
    """Neither what its file is called nor what it says beside its points is kept, logged or told."""
    import io
    import json

    from tests.store.test_pictures import AUGUST, SEPTEMBER, again, message, saved, scene

    name, exif = "photos/Дормидонт Безыменский +79281234567.jpg", Image.Exif()
    exif[0x010F], exif[0x0132] = "DormidontsPhone", "2022:08:29 14:03:07"
    exif.get_ifd(0x8825)[2] = (60.0, 36.0, 12.3456)
    place, home = tmp_path / "in", tmp_path / "home"
    (place / "photos").mkdir(parents=True)
    (place / name).write_bytes(saved(scene(1), exif=exif.tobytes()))
    (place / "photos" / "b.jpg").write_bytes(again(scene(1)))
    (place / "photos" / "Безыменский broken.jpg").write_bytes(b"no picture")
    told = [message(1, AUGUST, "Ваалимаа сегодня", "user7", photo=name),
            message(2, SEPTEMBER, "Пишут, что очередь на Ваалимаа 35 км", "user8", photo="photos/b.jpg"),
            message(3, SEPTEMBER, "ого", "user9", photo="photos/Безыменский broken.jpg")]  # fmt: skip
    export = {"name": "Дороги", "type": "public_supergroup", "id": 4, "messages": told}
    (place / "result.json").write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")
    done = run_verst(home, "load", str(place))
    assert b"broken one" in done.stderr, done.stderr.decode()
    rumours = run_verst(home, "rumours", "--json", "--at", "2022-09-22T06:00Z")
    assert b"seen_before" in rumours.stdout or b"2022-08-29 15:00" in rumours.stdout
    store = open_store(f"sqlite:///{home / 'verst.db'}")
    assert len(store.sightings()) == 2
    with TestClient(make_app(store, load_regions(), load_kinds())) as client:
        served = client.get("/c/vaalimaa-torfyanovka?at=2022-09-21T17:00Z&lang=en")
        assert "shown as of now, seen before on 29 August" in served.text
        packed = zipfile.ZipFile(io.BytesIO(client.get("/api/v1/export?to=2022-09-22T06:00Z").content))
        exported = b"".join(packed.read(each) for each in packed.namelist())
    store.close()
    assert b"2022-08-29 15:00" in exported
    everything = everything_in(home) + done.stdout + done.stderr + rumours.stdout + served.content + exported
    for secret in ("Безыменск", "Дормидонт", "9281234567", "DormidontsPhone", "14:03:07", "12.34"):
        assert secret.encode() not in everything, secret


def test_follow_shows_what_the_door_leaves() -> None:
    with tempfile.TemporaryDirectory() as name:
        planted = Planted()
        chance = random.Random(3)
        text = "Ларс, стоим 5 часов, " + ", ".join(make(chance, planted) for make in IN_WORDS.values())
        told = run_verst(Path(name), "follow", text)
        assert told.returncode == 0 and b"[phone]" in told.stdout
        assert not left_over(planted, told.stdout + told.stderr)


@pytest.mark.parametrize("question", ["Скинь телефон водителя +7 928 123-45-67", "кто такой @lars_marina"])
def test_a_question_leaves_no_trace(question: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        run_verst(Path(name), "ask", question)
        kept = everything_in(Path(name))
        assert b"lars_marina" not in kept and b"123-45-67" not in kept
