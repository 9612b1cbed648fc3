"""Videos that come back: their frames in the ledger, from an export's folder and from a chat in its archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import av
import pytest
from PIL import Image, ImageEnhance

from tests.store.test_pictures import (  # fmt: skip
    AUGUST,
    KEY,
    QUEUE,
    READER,
    SEPTEMBER,
    again,
    export,
    load,
    message,
    pictures,
    saved,
    scene,
)
from verst.model import Skipped
from verst.sources import Door, films, looking, read
from verst.sources.films import MOST_DECODED, prints_of
from verst.store import Store
from verst.work import load_inputs

PACKED = "WhatsApp Chat with Lars.zip"
MAPPING = '[chat]\nzone = "Europe/Moscow"\ntitle = "Ваалимаа"\nabout = "vaalimaa-torfyanovka"\n'


def filmed(seed: int, seconds: int = 6, *, dark: float = 1.0, size: tuple[int, int] = (320, 180), rate: int = 10,
           kind: str = "mp4", codec: str = "mpeg4") -> bytes:  # fmt: skip
    """A camera that passes a queue: a wide scene, of which every frame shows a part further on."""
    wide = ImageEnhance.Brightness(scene(seed, (4_000, 360))).enhance(dark)
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as film:
        film.metadata["location"] = "+60.6036+027.8489/"
        film.metadata["title"] = "SecretCamera"
        track = film.add_stream(codec, rate=rate)
        track.width, track.height, track.pix_fmt = *size, "yuv420p"
        for number in range(seconds * rate):
            at = number * 300 // rate
            shot = wide.crop((at, 0, at + 640, 360)).resize(size)
            for packet in track.encode(av.VideoFrame.from_image(shot)):
                film.mux(packet)
        for packet in track.encode():
            film.mux(packet)
    return out.getvalue()


def frame(seed: int, second: int) -> Image.Image:
    """What that camera shows at a second of its video."""
    return scene(seed, (4_000, 360)).crop((second * 300, 0, second * 300 + 640, 360))


def video(number: int, name: str) -> dict[str, object]:
    at, who = (AUGUST, "user7") if number == 1 else (SEPTEMBER, "user8")
    return message(number, at, QUEUE, who, file=name, media_type="video_file")


def test_a_video_saved_anew_smaller_and_shorter_is_known_again(store: Store, tmp_path: Path) -> None:
    files = {"a.mp4": filmed(1, 9), "b.mp4": filmed(1, 3, dark=0.9, size=(240, 136), rate=8)}
    assert load(store, export(tmp_path, "chat", files, video(1, "a.mp4"), video(2, "b.mp4"))) == []
    kept = {post.id: post.prints for post, _, _ in store.every_post()}
    assert sorted(len(prints) for prints in kept.values()) == [3, 5]  # at 0, 1, 2, 4 and 8 seconds
    assert [(each.since, each.verdict) for each in pictures(store)] == [(AUGUST, "contradicted")]


def test_a_still_of_a_video_is_known_again_and_another_video_is_not(store: Store, tmp_path: Path) -> None:
    files = {"a.mp4": filmed(1), "b.jpg": again(frame(1, 2)), "c.mp4": filmed(2), "d.jpg": again(frame(3, 2))}
    still = message(2, SEPTEMBER, QUEUE, "user8", photo="b.jpg")
    others = [video(3, "c.mp4"), message(4, SEPTEMBER, QUEUE, "user9", photo="d.jpg")]
    assert load(store, export(tmp_path, "chat", files, video(1, "a.mp4"), still, *others)) == []
    (rumour,) = pictures(store)
    assert rumour.since == AUGUST and rumour.posts == 1


def test_where_and_with_what_it_was_filmed_is_kept_nowhere(store: Store, tmp_path: Path) -> None:
    data = filmed(4)
    assert b"SecretCamera" in data
    load(store, export(tmp_path, "chat", {"a.mp4": data}, video(1, "a.mp4")))
    told = repr(list(store.every_post())) + repr(store.sightings())
    assert store.sightings() and "SecretCamera" not in told and "60.60" not in told and "a.mp4" not in told


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (filmed(5)[:3_000], "no video, or a broken one"),
        (b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40, "no video, or a broken one"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 4_000, "no video, or a broken one"),
        (filmed(6, 1, kind="matroska", codec="ffv1"), "of a kind that is not looked at (ffv1)"),
    ],
    ids=["cut off", "noise", "nothing", "another codec"],
)
def test_a_broken_video_costs_nothing_else(data: bytes, what: str, store: Store, tmp_path: Path) -> None:
    files = {"a.mp4": data, "b.jpg": saved(scene(8))}
    skipped = load(store, export(tmp_path, "chat", files, video(1, "a.mp4"),
                                 message(2, SEPTEMBER, "стоим 5 часов", photo="b.jpg")))  # fmt: skip
    assert [(what in each.what, each.field) for each in skipped] == [(True, "picture")]
    posts = sorted(store.every_post(), key=lambda each: each[0].id)
    assert [len(post.prints) for post, _, _ in posts] == [0, 1]


def test_a_large_one_is_not_looked_at(store: Store, tmp_path: Path) -> None:
    place = export(tmp_path, "chat", {"a.mp4": filmed(7)}, video(1, "a.mp4"))
    with (place / "a.mp4").open("r+b") as file:
        file.truncate(films.LARGEST_FILM + 1)
    assert ["of more than 200 MB" in each.what for each in load(store, place)] == [True]


def test_a_long_one_is_looked_at_from_its_beginning_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "MOST_DECODED", 15)
    assert MOST_DECODED > 15 and len(prints_of(io.BytesIO(filmed(1, 6)), "a")) == 2
    assert prints_of(io.BytesIO(filmed(1, 6, kind="webm", codec="libvpx")), "a")


def test_without_the_package_videos_are_passed_over_and_pictures_are_not(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "can_see_films", lambda: False)
    files = {"a.mp4": filmed(1), "b.jpg": saved(scene(8))}
    told = message(1, AUGUST, QUEUE, "user7", file="a.mp4", media_type="video_file", thumbnail="b.jpg")
    assert load(store, export(tmp_path, "chat", files, told)) == []
    assert len(store.sightings()) == 1


def packed(folder: Path, files: dict[str, bytes], text: str, name: str = PACKED) -> Path:
    """A chat as a phone exports it, with its pictures in the same archive."""
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in files.items():
            archive.writestr(each, data)
        archive.writestr("_chat.txt", text)
    (folder / name).with_suffix(".toml").write_text(MAPPING, encoding="utf-8")
    return folder / name


CHAT = (
    f"29.08.22, 18:00 - Дормидонт: IMG-20220829-WA0001.jpg (файл добавлен)\n{QUEUE}\n"
    f"[21.09.22, 20:00:00] Акакий: \u200e{QUEUE} <attached: 00000002-PHOTO-2022-09-21-20-00-00.jpg>\n"
    "21.09.22, 20:01 - Акакий: VID-20220921-WA0003.mp4 (file attached)\n"
    "21.09.22, 20:02 - Акакий: <Media omitted>\n21.09.22, 20:03 - Акакий: стоим 5 часов\n"
)


@pytest.mark.parametrize("unpacked", [False, True])
def test_pictures_of_an_exported_chat_are_looked_at(unpacked: bool, store: Store, tmp_path: Path) -> None:
    files = {"IMG-20220829-WA0001.jpg": saved(scene(1)), "VID-20220921-WA0003.mp4": filmed(2, 3),
             "00000002-PHOTO-2022-09-21-20-00-00.jpg": again(scene(1))}  # fmt: skip
    path = packed(tmp_path, files, CHAT)
    if unpacked:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path)
        path = tmp_path / "_chat.txt"
        path.with_suffix(".toml").write_text(MAPPING, encoding="utf-8")
    skipped: list[Skipped] = []
    load_inputs([path], store, Door(KEY), READER, on_skip=skipped.append)
    assert skipped == []
    posts = [post for post, _, _ in sorted(store.every_post(), key=lambda each: each[0].posted_at)]
    assert [post.text for post in posts][:2] == [QUEUE, QUEUE] and posts[-1].text == "стоим 5 часов"
    assert [post.media for post in posts][:3] == [("photo",), ("photo",), ("video",)]
    assert [len(post.prints) for post in posts][:3] == [1, 1, 3]
    assert [each.since for each in pictures(store)] == [AUGUST]


def test_an_archive_in_a_folder_is_found_and_read_the_same_here_and_apart(tmp_path: Path) -> None:
    from verst.sources.apart import limited
    from verst.work.inputs import find_inputs

    path = packed(tmp_path, {}, CHAT)
    (tmp_path / "holiday.zip").write_bytes(path.read_bytes())
    assert find_inputs(tmp_path) == [path]
    with limited() as apart:
        assert list(read(path, Door(KEY), apart=apart)) == list(read(path, Door(KEY)))


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        (PACKED, b"PK\x03\x04" + b"\0" * 200, "no ZIP archive, or a broken one"),
        (PACKED, None, "an archive without a chat in it"),
    ],
)
def test_an_archive_that_is_none_says_so(name: str, data: bytes | None, what: str, tmp_path: Path) -> None:
    path = packed(tmp_path, {}, CHAT)
    if data is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("holiday/a.txt", CHAT)
    else:
        path.write_bytes(data)
    (item, _) = list(read(path, Door(KEY)))
    assert isinstance(item, Skipped) and what in item.what


def test_a_picture_that_swells_costs_nothing_else(store: Store, tmp_path: Path) -> None:
    files = {"00000002-PHOTO-2022-09-21-20-00-00.jpg": b"\xff\xd8" + bytes(25 << 20)}
    skipped: list[Skipped] = []
    load_inputs([packed(tmp_path, files, CHAT)], store, Door(KEY), READER, on_skip=skipped.append)
    whats = sorted(each.what for each in skipped)
    assert len(whats) == 1 and "of more than 20 MB" in whats[0]  # what is not there was not exported
    assert [post.prints for post, _, _ in store.every_post()] == [()] * len(list(store.every_post()))
