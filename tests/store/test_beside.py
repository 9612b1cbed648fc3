"""Many who work in one store: where one stands is checked as it writes, and who is sole waits for the others."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.store.samples import post, read, report, wait
from verst.errors import StoreMoved
from verst.store import Batch, Store, open_store


def test_a_batch_that_expects_a_cursor_is_kept_only_where_it_stands_so(store: Store) -> None:
    store.keep(Batch(cursors=[("a", "1")], expects=[("a", None)]))
    for wrong in (None, "2"):
        with pytest.raises(StoreMoved):
            store.keep(Batch(cursors=[("a", "3")], states=[("s", b"x")], expects=[("a", wrong), ("b", None)]))
    assert store.cursor("a") == "1" and store.state("s") is None
    store.keep(Batch(cursors=[("a", "2")], states=[("s", b"y")], expects=[("a", "1"), ("b", None)]))
    assert store.cursor("a") == "2" and store.state("s") == b"y"


def test_copies_are_marked_in_the_reports_that_are_kept(store: Store) -> None:
    reports = [report("p1"), report("p2", 5), report("p2", 5, wait(60)), report("p3", 6)]
    store.keep(Batch(posts=[(post(f"p{n}", n), read(wait())) for n in (1, 2, 3)], reports=reports))
    store.keep(Batch(roots=[("p2", "p1"), ("p3", "p1"), ("p9", "p1")]))
    assert [each.copy_of for each in store.reports()] == [None, "p1", "p1", "p1"]
    store.keep(Batch(roots=[("p3", None)]))
    marked = list(store.reports())
    assert [each.copy_of for each in marked] == [None, "p1", "p1", None]
    assert [replace(each, copy_of=None) for each in marked] == reports


def test_several_work_beside_each_other_but_not_beside_who_is_sole(store: Store, url: str) -> None:
    other, came = open_store(url), threading.Event()

    def come() -> None:
        with other.sole():
            came.set()

    with store.beside(), other.beside():
        waiting = threading.Thread(target=come)
        waiting.start()
        assert not came.wait(0.3), "who is sole waits for who works beside"
    assert came.wait(10), "and comes when they are done"
    waiting.join()
    begun = threading.Event()

    def work() -> None:
        with store.beside():
            begun.set()

    with other.sole():
        working = threading.Thread(target=work)
        working.start()
        assert not begun.wait(0.3), "who works beside waits for who is sole"
    assert begun.wait(10)
    working.join()
    other.close()
