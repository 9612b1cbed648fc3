"""A time range in one link: it holds what the command writes, leads to nobody, and may not be had at will."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.fake import FakeStore
from tests.web.world import NOON, DeafReader, full_store, kinds, region
from verst.outputs import outputs
from verst.web import exports, make_app
from verst.work.exporting import MANIFEST, export

LINK = "/api/v1/export?from=2022-09-22T09:00Z&to=2022-09-24T09:00Z"


@pytest.fixture
def store() -> FakeStore:
    return full_store()


@pytest.fixture
def client(store: FakeStore) -> TestClient:
    app = make_app(store, [region()], kinds(), clock=lambda: NOON, reader=DeafReader())  # type: ignore[arg-type]
    return TestClient(app, raise_server_exceptions=False)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_link_holds_what_the_command_writes(client: TestClient, store: FakeStore, tmp_path: Path) -> None:
    answer = client.get(LINK)
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="verst-20220922T0900-20220924T0900.zip"'
    files = unpacked(answer.content)
    known = kinds()
    export(tmp_path, store, [region()], known, NOON.replace(day=22), NOON.replace(day=24))  # type: ignore[arg-type]
    assert files == {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {entry["sha256"] for entry in json.loads(files[MANIFEST])["files"]} == {
        hashlib.sha256(data).hexdigest() for name, data in files.items() if name != MANIFEST
    }
    assert client.get(LINK).content == answer.content


@pytest.mark.parametrize("name", sorted(output.file for output in outputs().values()))
def test_one_file_alone(name: str, client: TestClient) -> None:
    answer = client.get(f"{LINK}&file={name}")
    assert answer.status_code == 200 and answer.content == unpacked(client.get(LINK).content)[name]
    assert answer.headers["content-type"].partition(";")[0] == exports.TYPES[name.rpartition(".")[2]].partition(";")[0]
    assert answer.headers["content-disposition"].endswith(f'-{name}"')


def test_nothing_in_it_is_about_a_person(client: TestClient, store: FakeStore) -> None:
    told = b"".join(unpacked(client.get(LINK).content).values()).decode("utf-8", "replace")
    for post in store.kept_posts.values():
        assert (
            post.id not in told.split() and f'"{post.id}"' not in told and (not post.author or post.author not in told)
        )
        assert post.text not in told or not post.text


@pytest.mark.parametrize(
    ("asked", "status", "what"),
    [
        ("?from=2022-09-24T09:00Z&to=2022-09-22T09:00Z", 400, "from must lie before to"),
        ("?from=2022-01-01T09:00Z&to=2022-09-22T09:00Z", 400, "at most 31 days"),
        ("?from=yesterday", 400, "from="),
        ("?file=passwd", 404, "no file is called so; there are README.md"),
        ("?form=csv", 400, "is no parameter of this address"),
    ],
)
def test_what_cannot_be_had_is_said(asked: str, status: int, what: str, client: TestClient) -> None:
    answer = client.get(f"/api/v1/export{asked}")
    assert answer.status_code == status and what in answer.json()["detail"]


def test_one_address_has_a_few_an_hour_and_leaves_nothing(store: FakeStore) -> None:
    times = [NOON]
    app = make_app(store, [region()], kinds(), clock=lambda: times[-1], reader=DeafReader())  # type: ignore[arg-type]
    here, there = (TestClient(app, client=(address, 1)) for address in ("192.0.2.7", "192.0.2.8"))
    link = f"{LINK}&file=estimates.csv"
    assert [here.get(link).status_code for _ in range(exports.MOST_OF_ONE)] == [200] * exports.MOST_OF_ONE
    refused = here.get(link)
    assert refused.status_code == 429 and refused.headers["retry-after"] == "600"
    assert refused.json()["detail"].startswith("more than 12 exports an hour")
    assert there.get(link).status_code == 200
    assert "192.0.2" not in repr(app.state.turnstile.senders.said)
    times.append(NOON + timedelta(hours=1))
    assert here.get(link).status_code == 200


def test_no_more_than_two_are_in_the_making(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    turnstile = client.app.state.turnstile  # type: ignore[attr-defined]
    monkeypatch.setattr(turnstile.making, "acquire", lambda timeout: False)
    answer = client.get(LINK)
    assert answer.status_code == 503 and answer.headers["retry-after"] == "30"


def test_files_are_sent_as_they_are_made(store: FakeStore) -> None:
    from verst.work.exporting import gather

    known = kinds()
    dataset = gather(store, [region()], known, NOON.replace(day=22), NOON)  # type: ignore[arg-type]
    pieces = list(exports.archive(dataset))
    assert len(pieces) == len(outputs()) + 1 and all(pieces)


def test_the_page_leads_there(client: TestClient) -> None:
    assert 'href="/api/v1/export"' in client.get("/?lang=en").text
