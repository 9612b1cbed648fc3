"""What is PostgreSQL's own: its schema forward and back, its partitions, lost connections, and errors in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.store.samples import NOON, at, estimate, post, read, report, wait
from verst.errors import BadSetting, StoreError
from verst.store import Batch, Store, open_store
from verst.store.postgres.opening import connect, migrate, prepare, schema_version, steps, told_in_words


@pytest.fixture
def url(server: postgres.Server) -> str:
    return server.new()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as db:
        return db.execute(sql.encode()).fetchall()


def partitions(url: str, table: str) -> list[str]:
    children = f"SELECT inhrelid FROM pg_inherits WHERE inhparent = '{table}'::regclass"
    return sorted(str(row[0]) for row in ask(url, f"SELECT relname FROM pg_class WHERE oid IN ({children})"))


def test_the_schema_goes_forward_and_back_step_by_step(url: str) -> None:
    with connect(url) as db:
        prepare(db)
        assert schema_version(db) == steps()[-1]
        for step in (*reversed(steps()[:-1]), 0):
            migrate(db, step)
            assert schema_version(db) == step
        left = ask(
            url, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r','p')"
        )
        assert left == [("verst_schema",)]
        prepare(db)
        with pytest.raises(BadSetting, match="no schema 99"):
            migrate(db, 99)
    opened = open_store(url)
    assert opened.keep(Batch(posts=[(post("p1"), read())])).new == 1
    opened.close()


def test_a_newer_schema_is_left_alone(url: str) -> None:
    open_store(url).close()
    ask(url, "UPDATE verst_schema SET version = 99 RETURNING 1")
    with pytest.raises(StoreError, match="newer Verst"):
        open_store(url)


def test_what_grows_lies_in_partitions_of_its_time_and_old_ones_go_whole(url: str, store: Store) -> None:
    weeks = [(post(f"p{n}", 7 * 1440 * n), read(wait())) for n in range(4)]
    store.keep(Batch(posts=weeks, reports=[report(f"p{n}", 7 * 1440 * n) for n in range(4)], estimates=[estimate(0)]))
    before = partitions(url, "posts")
    assert len(before) == 4 and len(partitions(url, "estimates")) == 1 and 1 <= len(partitions(url, "reports")) <= 2
    assert store.expire(at(2 * 7 * 1440)) == 2
    assert partitions(url, "posts") == before[-2:] and len(list(store.reports())) == 4


def test_a_time_before_1970_and_one_far_ahead_have_their_partitions(url: str, store: Store) -> None:
    store.keep(Batch(posts=[(post("old", -60_000_000), read()), (post("new", 10_000_000), read())]))
    assert [each.id for each, _, _ in store.every_post()] == ["old", "new"]
    assert any("_m" in name for name in partitions(url, "posts"))


def test_a_batch_that_fails_leaves_no_partition_behind_that_is_missed_later(url: str, store: Store) -> None:
    broken: list[tuple[str, bytes]] = [("s", object())]  # type: ignore[list-item]
    with pytest.raises(Exception):  # noqa: B017
        store.keep(Batch(posts=[(post("p1"), read())], states=broken))
    assert store.keep(Batch(posts=[(post("p1"), read())])).new == 1


def test_a_connection_that_is_lost_is_opened_again(url: str, store: Store) -> None:
    store.keep(Batch(posts=[(post("p1"), read())]))
    assert store.known(["p1"]) == {"p1"}
    ask(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
             "AND pid <> pg_backend_pid()")  # fmt: skip
    for use in (lambda: store.known(["p1"]), lambda: store.keep(Batch(posts=[(post("p2"), read())]))):
        with pytest.raises(StoreError, match="cannot be reached"):
            use()
        use()
    assert store.known(["p1", "p2"]) == {"p1", "p2"}


def test_a_lock_of_a_process_that_ended_is_free(url: str, store: Store) -> None:
    other = open_store(url)
    held = other.sole()
    held.__enter__()
    ask(url, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()")
    for _ in range(50):
        if not ask(url, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"):
            break
    with store.sole():
        pass
    other.close()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://", "names no database"),
        ("postgresql://verst:pass-word@127.0.0.1:9/none", "cannot be reached"),
        ("postgresql://verst:pass-word@127.0.0.1:1/none?sslmode=nonsense", "postgresql|PostgreSQL"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_and_not_repeated(address: str, told: str) -> None:
    with pytest.raises((BadSetting, StoreError), match=told) as wrong:
        open_store(address)
    assert "pass-word" not in str(wrong.value) and "127.0.0.1" not in str(wrong.value)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "no room is left"),
        (psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"), "somebody else writes"),
        (psycopg.errors.InsufficientPrivilege("permission denied for table posts"), "may not do that"),
        (psycopg.errors.UndefinedTable("relation does not exist"), "UndefinedTable"),
    ],
)
def test_what_the_server_says_in_codes_is_said_in_words(error: Exception, told: str) -> None:
    with pytest.raises(StoreError, match=told) as wrong, told_in_words():
        raise error
    assert "relation" not in str(wrong.value) and "permission denied" not in str(wrong.value)


def test_the_same_board_digit_for_digit_as_the_embedded_store(url: str, tmp_path: Path) -> None:
    """Two days of the bundled archive, read and fused into both."""
    from tests.store.test_same_board import load_days

    embedded, served = open_store(f"sqlite:///{tmp_path / 'one.db'}"), open_store(url)
    for store in (embedded, served):
        load_days(store, tmp_path)
    from verst.work.moving import compare

    counts = compare(embedded, served)
    assert counts["posts"] > 50 and counts["estimates"] > 200
    for words in ([["lars", "ларс*"]], [["очеред*"], ["c_queue"]]):
        one, other = embedded.search(words, at(1e6)), served.search(words, at(1e6))
        assert one == other
    assert embedded.asked(None, at(-1e5), at(1e5)) == served.asked(None, at(-1e5), at(1e5))
    assert embedded.posts_near([NOON], at(60) - NOON) == served.posts_near([NOON], at(60) - NOON)
    embedded.close()
    served.close()
