"""A picture that was seen before: from the export with its files to the ledger, in every store.

The case is the video of cars at the Finnish border that was filmed on 29 August 2022 and went round on 21 September as
the flight from the mobilisation (AFP, AP, dpa). The pictures here are drawn by the test.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from verst.fusion.verdicts import Rumour
from verst.geography import load_regions
from verst.model import Skipped
from verst.reading.reader import Reader
from verst.sources import Door
from verst.store import Store
from verst.work import load_inputs
from verst.work.forgetting import forget_posts, posts_of
from verst.work.rumoured import find_rumours, rumour_row
from verst.work.sightings import ALIKE

KEY = b"a key of the tests, long enough"
AUGUST = datetime(2022, 8, 29, 15, 0, tzinfo=UTC)
SEPTEMBER = datetime(2022, 9, 21, 17, 0, tzinfo=UTC)
AFTER = datetime(2022, 9, 22, 6, 0, tzinfo=UTC)
READER = Reader.load()
QUEUE = "Пишут, что очередь на Ваалимаа 35 км!!!"


def scene(seed: int, size: tuple[int, int] = (640, 360)) -> Image.Image:
    """A road with cars under a sky, another one for each seed."""
    dice = random.Random(seed)
    picture = Image.new("RGB", size, (dice.randrange(90, 220),) * 3)
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        w, h = dice.randrange(20, 200), dice.randrange(20, 120)
        draw.rectangle((x, y, x + w, y + h), fill=tuple(dice.randrange(256) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(3))


def saved(picture: Image.Image, quality: int = 90, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **more)  # type: ignore[arg-type]
    return out.getvalue()


def again(picture: Image.Image) -> bytes:
    """As it goes round: smaller, darker, saved badly, a little of its edge gone."""
    width, height = picture.size
    cut = picture.crop((6, 4, width - 6, height - 4)).resize((width // 2, height // 2))
    return saved(ImageEnhance.Brightness(cut).enhance(0.85), 35)


def message(number: int, at: datetime, text: str, who: str = "user1", **more: object) -> dict[str, object]:
    told = {"id": number, "type": "message", "date": f"{at:%Y-%m-%dT%H:%M:%S}", "text": text, "from_id": who}
    return told | {"date_unixtime": str(int(at.timestamp())), "from": "Имя Фамилия"} | more


def export(folder: Path, chat: str, files: dict[str, bytes], *messages: dict[str, object]) -> Path:
    place = folder / chat
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    place.mkdir(exist_ok=True)
    told = {"name": chat, "type": "public_supergroup", "id": sum(map(ord, chat)), "messages": messages}
    (place / "result.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return place


def load(store: Store, *folders: Path) -> list[Skipped]:
    told: list[Skipped] = []
    load_inputs(folders, store, Door(KEY, about_of=READER.places.about), READER, on_skip=told.append)
    return told


def pictures(store: Store, at: datetime = AFTER) -> list[Rumour]:
    return [each for each in find_rumours(store, at, regions=load_regions()) if each.kind == "picture"]


def test_the_finnish_video_of_august_is_found_in_september(store: Store, tmp_path: Path) -> None:
    video = scene(1)
    august = export(
        tmp_path, "roads", {"video_files/a.mp4_thumb.jpg": saved(video)},
        message(1, AUGUST, "Ваалимаа, вот так сегодня", "user7", file="video_files/a.mp4", media_type="video_file",
                thumbnail="video_files/a.mp4_thumb.jpg"),
    )  # fmt: skip
    spread = [
        message(n, SEPTEMBER.replace(minute=n), QUEUE, f"user2{n}", photo=f"photos/{n}.jpg") for n in range(10, 14)
    ]
    september = export(tmp_path, "exodus chat", {f"photos/{n}.jpg": again(video) for n in range(10, 14)}, *spread)
    assert load(store, august, september) == []
    (rumour,) = pictures(store)
    assert rumour.crossing == "vaalimaa-torfyanovka" and rumour.verdict == "contradicted"
    assert rumour.since == AUGUST and rumour.first_seen == SEPTEMBER.replace(minute=10) and rumour.posts == 4
    (turn,) = rumour.turns
    assert turn.reason == "seen_before" and "2022-08-29 15:00 UTC" in turn.why
    assert store.posts([turn.post])[turn.post].posted_at == AUGUST
    (claim,) = [r for r in find_rumours(store, AFTER, regions=load_regions()) if r.kind == "queue_length"]
    assert claim.verdict == "disputed" and claim.speaks_against == 1.0
    assert [each.reason for each in claim.turns] == ["seen_before"]
    assert rumour_row(rumour)["since"] == "2022-08-29T15:00:00Z"
    assert pictures(store, SEPTEMBER) == []  # nobody had shown it as new by then


def test_a_picture_of_today_is_none(store: Store, tmp_path: Path) -> None:
    both = [message(n, SEPTEMBER.replace(minute=n), QUEUE, f"user{n}", photo="a.jpg") for n in (1, 9)]
    load(store, export(tmp_path, "chat", {"a.jpg": saved(scene(2))}, *both))
    assert len(store.sightings()) == 2 and pictures(store) == []


def test_what_another_place_was_shown_for_is(store: Store, tmp_path: Path) -> None:
    seen = export(tmp_path, "kz", {"a.jpg": saved(scene(3))},
                  message(1, SEPTEMBER.replace(hour=9), "Озинки, хвост 5 км", "user7", photo="a.jpg"))  # fmt: skip
    told = export(tmp_path, "fi", {"b.jpg": again(scene(3))}, message(2, SEPTEMBER, QUEUE, "user8", photo="b.jpg"))
    load(store, seen, told)
    (rumour,) = pictures(store)
    assert rumour.turns[0].reason == "seen_elsewhere" and "ozinki" in rumour.turns[0].why


@pytest.mark.parametrize(
    ("text", "who", "more"),
    [
        ("Очередь на Ваалимаа 35 км", "user7", {}),
        ("Ваалимаа: это старое видео, снято в августе, 35 км неправда", "user8", {}),
        ("Всем привет", "user8", {}),
        (QUEUE, "user8", {"forwarded_from": "Имя Фамилия", "forwarded_from_id": "user7",
                          "forwarded_date_unixtime": str(int(AUGUST.timestamp()))}),
    ],
    ids=["by the same author", "said to be old", "tells nothing of a queue", "passed on with its date"],
)  # fmt: skip
def test_what_is_no_rumour(text: str, who: str, more: dict[str, object], store: Store, tmp_path: Path) -> None:
    first = message(1, AUGUST, "Ваалимаа, стоим 3 часа", "user7", photo="a.jpg")
    load(store, export(tmp_path, "chat", {"a.jpg": saved(scene(4))}, first,
                       message(2, SEPTEMBER, text, who, photo="a.jpg", **more)))  # fmt: skip
    assert len(store.sightings()) == 2 and pictures(store) == []


def test_the_order_of_loading_changes_nothing(store: Store, tmp_path: Path) -> None:
    old = export(tmp_path, "old", {"a.jpg": saved(scene(5))}, message(1, AUGUST, "дорога", "user7", photo="a.jpg"))
    new = export(tmp_path, "new", {"a.jpg": again(scene(5))}, message(1, SEPTEMBER, QUEUE, "user8", photo="a.jpg"))
    load(store, new)
    assert pictures(store) == []
    load(store, old)
    assert [each.since for each in pictures(store)] == [AUGUST]


def test_unlike_pictures_are_apart_and_plain_ones_have_no_print(store: Store, tmp_path: Path) -> None:
    files = {f"{n}.jpg": saved(scene(n)) for n in range(10, 60)} | {"99.jpg": saved(Image.new("RGB", (640, 360)))}
    some = [
        message(n, AUGUST.replace(minute=n % 60), QUEUE, f"user{n}", photo=f"{n}.jpg") for n in (*range(10, 60), 99)
    ]
    load(store, export(tmp_path, "chat", files, *some))
    seen = store.sightings()
    assert len(seen) == 50 and len({each.group for each in seen}) == 50
    closest = min((int(a.print, 16) ^ int(b.print, 16)).bit_count() for a in seen for b in seen if a is not b)
    assert closest > ALIKE


def bomb(side: int = 20_000) -> bytes:
    """Few bytes, four hundred million points."""
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "what"),
    [
        ("a.jpg", lambda: saved(scene(6))[:900], "no picture, or a broken one"),
        ("a.jpg", lambda: b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(5_000), "no picture, or a broken one"),
        ("a.jpg", lambda: b"", "no picture, or a broken one"),
        ("a.jpg", bomb, "DecompressionBombError"),
        ("a.jpg", lambda: bomb(8_000), "of more than 50,000,000 points"),
        ("a.jpg", lambda: b"\0" * (21 << 20), "of more than 20 MB"),
        ("../secret.jpg", lambda: saved(scene(7)), "outside of the export"),
        ("/etc/passwd", None, "outside of the export"),
    ],
    ids=["cut off", "noise", "empty", "a bomb", "many points", "large", "beside the export", "of the system"],
)
def test_a_broken_picture_costs_nothing_else(
    name: str, make: Callable[[], bytes] | None, what: str, tmp_path: Path, store: Store
) -> None:
    files = {"b.jpg": saved(scene(8))} | ({name: make()} if make is not None else {})
    skipped = load(store, export(tmp_path, "chat", files, message(1, AUGUST, QUEUE, photo=name),
                                 message(2, AUGUST, "стоим 5 часов", photo="b.jpg")))  # fmt: skip
    assert len(skipped) == 1 and what in skipped[0].what and skipped[0].field == "picture"
    posts = sorted(store.every_post(), key=lambda each: each[0].id)
    assert [len(post.prints) for post, _, _ in posts] == [0, 1] and len(store.sightings()) == 1


def test_a_link_out_of_the_export_is_not_followed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(saved(scene(7)))
    place = export(tmp_path, "chat", {}, message(1, AUGUST, QUEUE, photo="a.jpg"))
    (place / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    assert ["outside of the export" in each.what for each in load(store, place)] == [True]
    assert store.sightings() == []


def test_a_picture_that_was_not_exported_is_no_trouble(store: Store, tmp_path: Path) -> None:
    missing = "(File not included. Change data exporting settings to download.)"
    told = [message(1, AUGUST, QUEUE, photo=missing), message(2, AUGUST, QUEUE, photo="photos/gone.jpg")]
    assert load(store, export(tmp_path, "chat", {}, *told)) == []


def test_where_and_when_it_was_taken_is_kept_nowhere(store: Store, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "SecretCamera", "2022:08:29 15:00:00"
    exif.get_ifd(0x8825)[2] = (60.0, 36.0, 12.3456)
    data = saved(scene(9), exif=exif.tobytes())
    assert b"SecretCamera" in data
    load(store, export(tmp_path / "in", "chat", {"a.jpg": data}, message(1, SEPTEMBER, QUEUE, photo="a.jpg")))
    (seen,) = store.sightings()
    assert "SecretCamera" not in repr(seen) and "12.34" not in repr(seen) and "a.jpg" not in repr(seen)
    assert seen.seen_at == SEPTEMBER  # not what the camera says
    (post, _, _) = next(iter(store.every_post()))
    assert "SecretCamera" not in repr(post) and "a.jpg" not in repr(post)


def test_which_way_up_is_looked_at(store: Store, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = saved(scene(11).transpose(Image.Transpose.ROTATE_90), exif=exif.tobytes())
    files = {"a.jpg": saved(scene(11)), "b.jpg": turned}
    load(store, export(tmp_path, "chat", files, message(1, AUGUST, "дорога", "user1", photo="a.jpg"),
                       message(2, SEPTEMBER, QUEUE, "user2", photo="b.jpg")))  # fmt: skip
    assert len({each.group for each in store.sightings()}) == 1


def test_who_is_forgotten_takes_the_pictures_along(store: Store, tmp_path: Path) -> None:
    told = [message(1, AUGUST, "дорога", "user7", photo="a.jpg"), message(2, SEPTEMBER, QUEUE, "user8", photo="a.jpg")]
    load(store, export(tmp_path, "chat", {"a.jpg": saved(scene(12))}, *told))
    assert len(pictures(store)) == 1
    store.expire(SEPTEMBER)
    assert len(store.sightings()) == 2  # words go, pictures stay
    forget_posts(store, posts_of(store, author=Door(KEY).hash("tg:user7"), chat=None, ids=[]))
    assert len(store.sightings()) == 1 and pictures(store) == []
    store.expire(SEPTEMBER.replace(year=2024))
    assert store.sightings() == [] and store.alike("0" * 16) == []
