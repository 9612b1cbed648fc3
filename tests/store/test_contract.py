"""What every store must do. A new engine joins by standing on the shelf and in ``OPENERS`` (see conftest.py)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.samples import NOON, answer, asking, at, estimate, heard, post, read, report, sighting, wait
from verst.errors import BadSetting, StoreBusy
from verst.store import Batch, Store, open_store


def test_an_empty_store_says_so(store: Store) -> None:
    assert store.span() is None and store.by_hour() == {} and store.revision() == 0
    assert store.estimates_at(NOON) == [] and list(store.reports()) == [] and store.asked(None, NOON, NOON) == []
    assert store.cursor("a") is None and store.state("a") is None and store.known(["p"]) == set()


def test_everything_comes_back_as_it_was(store: Store, url: str) -> None:
    whole = replace(post("p1", url="https://example.org/1"), given=(wait(),), media=("photo",), edited_at=at(3))
    told = estimate(1, odds=None)
    kept = store.keep(
        Batch(
            posts=[(whole, read(wait()))],
            reports=[report("p1")],
            estimates=[told],
            cursors=[("file", "posts:3:0")],
            states=[("fusion", b"\x00\xff")],
        )
    )
    assert (kept.new, kept.edited, kept.revision) == (1, 0, store.revision())
    store.close()
    again = open_store(url)
    assert again.posts(["p1", "none"]) == {"p1": whole} and again.readings(["p1"]) == {"p1": read(wait())}
    assert list(again.reports()) == [report("p1")] and again.estimates_at(at(1)) == [told]
    assert again.cursor("file") == "posts:3:0" and again.state("fusion") == b"\x00\xff"
    assert again.span() == (NOON, NOON) and again.by_hour() == {NOON: 1}
    assert again.known(["p1", "p2"]) == {"p1"}
    again.close()


def test_the_same_post_again_changes_nothing_but_a_later_edit_does(store: Store) -> None:
    first = post("p1")
    edit = replace(first, text="стоим 12 часов", edited_at=at(5))
    older = replace(first, text="?", edited_at=at(4))
    assert store.keep(Batch(posts=[(first, read(wait()))], reports=[report("p1")])).new == 1
    same = store.keep(Batch(posts=[(first, read())], reports=[report("p1", claim=wait(1.0))]))
    assert (same.new, same.edited) == (0, 0) and list(store.reports()) == [report("p1")]
    assert store.keep(Batch(posts=[(edit, read(wait(720.0)))], reports=[report("p1", claim=wait(720.0))])).edited == 1
    assert store.keep(Batch(posts=[(older, read())])).edited == 0
    assert store.posts(["p1"]) == {"p1": edit} and list(store.reports()) == [report("p1", claim=wait(720.0))]


def test_two_edits_in_one_batch_leave_the_later(store: Store) -> None:
    edits = [replace(post("p1"), text=str(n), edited_at=at(n)) for n in (1, 3, 2)]
    kept = store.keep(Batch(posts=[(each, read()) for each in edits]))
    assert kept.new == 1 and store.posts(["p1"]) == {"p1": edits[1]}


def test_reports_are_ordered_by_time_then_post(store: Store) -> None:
    names = [("b", 5), ("a", 5), ("c", 1)]
    store.keep(Batch(posts=[(post(n, m), read(wait())) for n, m in names], reports=[report(n, m) for n, m in names]))
    store.keep(Batch(reports=[report("d", 9, wait(crossing="vaalimaa-torfyanovka"))]))
    assert [each.post for each in store.reports()] == ["c", "a", "b", "d"]
    assert [each.post for each in store.reports(crossing="verkhny-lars", since=at(5))] == ["a", "b"]
    assert [each.post for each in store.reports(since=at(1), until=at(5))] == ["c", "a", "b"]


def test_sayings_are_found_by_place_and_time(store: Store) -> None:
    told = [heard("b", 5), heard("a", 5), heard("c", 1), heard("d", 9, "RU")]
    posts = [(post(each.post), replace(read(), sayings=(each.saying,))) for each in told]
    store.keep(Batch(posts=posts, heard=told))
    assert [each.post for each in store.heard()] == ["c", "a", "b", "d"] and list(store.reports()) == []
    assert list(store.heard(place="RU-GE", since=at(5))) == [told[1], told[0]]
    assert [each.post for each in store.heard(since=at(1), until=at(5))] == ["c", "a", "b"]
    assert store.readings(["d"])["d"].sayings == (told[3].saying,)


def test_sayings_go_with_what_their_post_said_before(store: Store) -> None:
    store.keep(Batch(posts=[(post("p1"), read())], heard=[heard("p1"), heard("p1", where="RU")]))
    again = store.keep(Batch(posts=[(post("p1"), read())], heard=[heard("p1", value=1.0)]))
    assert again.new == 0 and len(list(store.heard())) == 2, "a post already known changes nothing"
    store.keep(Batch(posts=[(replace(post("p1"), edited_at=at(5)), read())]))
    assert list(store.heard()) == []
    store.keep(Batch(heard=[heard("p1")]))
    store.keep(Batch(readings=[("p1", read())]))
    assert list(store.heard()) == []


def test_a_post_is_read_anew(store: Store) -> None:
    store.keep(Batch(posts=[(post("p1"), read(wait()))], reports=[report("p1")]))
    store.keep(Batch(readings=[("p1", asking())]))
    assert store.readings(["p1"]) == {"p1": asking()} and list(store.reports()) == []
    assert len(store.asked(None, NOON, NOON)) == 1


def test_estimates_are_kept_as_history(store: Store) -> None:
    other = estimate(0, "open", kind="passage", mode="any")
    store.keep(Batch(estimates=[estimate(0, 1.0), estimate(15, 2.0), estimate(30, None), other]))
    assert {each.value for each in store.estimates_at(at(20))} == {2.0, "open"}
    assert store.estimates_at(at(-1)) == [] and {e.value for e in store.estimates_at(at(99))} == {None, "open"}
    assert [e.value for e in store.estimates_between("verkhny-lars", at(1), at(30))] == [2.0, None]
    assert store.estimates_at(at(20), "vaalimaa-torfyanovka") == []


def test_clearing_comes_before_writing(store: Store) -> None:
    store.keep(Batch(estimates=[estimate(0, 1.0), estimate(15, 2.0), estimate(15, 5.0, side="GE")]))
    store.keep(Batch(cleared=[("verkhny-lars", at(0))], estimates=[estimate(15, 3.0)]))
    assert [e.value for e in store.estimates_between("verkhny-lars", at(0), at(60))] == [1.0, 3.0]


def test_sides_and_directions_are_apart(store: Store) -> None:
    keys = [{"side": "GE"}, {"side": "RU"}, {"toward": "RU"}, {"mode": "foot"}, {"currency": "RUB"}, {"tag": "water"}]
    store.keep(Batch(estimates=[estimate(0, float(n), **key) for n, key in enumerate(keys)]))
    assert sorted(e.value for e in store.estimates_at(at(0)) if isinstance(e.value, float)) == [0, 1, 2, 3, 4, 5]


def test_questions_come_with_their_answers(store: Store) -> None:
    reply, later = answer("r1", 5, "q1"), answer("r2", 9, "q1")
    posts = [(later, read()), (post("q1"), asking()), (post("q2", 3), asking(None)), (reply, read())]
    store.keep(Batch(posts=posts))
    found = store.asked(None, at(-1), at(60))
    assert [asked.post.id for asked in found] == ["q2", "q1"] and found[1].answers == (reply, later)
    assert [asked.post.id for asked in store.asked("verkhny-lars", at(-1), at(60))] == ["q1"]
    assert store.asked(None, at(-1), at(60), limit=1)[0].post.id == "q2"
    assert store.answers(["q1"]) == [reply, later]


def test_an_edited_question_is_asked_from_the_edit_on(store: Store) -> None:
    store.keep(Batch(posts=[(post("q1", 1, edited_at=at(30)), asking())]))
    assert store.asked(None, at(-1), at(20)) == []
    assert [asked.post.id for asked in store.asked(None, at(-1), at(40))] == ["q1"]


def test_posts_near_an_instant(store: Store) -> None:
    store.keep(Batch(posts=[(post(f"p{n}", n), read()) for n in (0, 4, 5, 20, 21)]))
    near = store.posts_near([at(4.5), at(21), at(5)], timedelta(minutes=1))
    assert [each.id for each in near] == ["p4", "p5", "p20", "p21"]
    assert store.posts_near([], timedelta(hours=1)) == []


def test_cursors_and_states_are_replaced_and_forgotten(store: Store) -> None:
    store.keep(Batch(cursors=[("f", "1")], states=[("s", b"1"), ("t", b"1")]))
    store.keep(Batch(cursors=[("f", "2")], states=[("s", b""), ("t", b"2")]))
    assert store.cursor("f") == "2" and store.state("s") is None and store.state("t") == b"2"


def test_nothing_of_a_batch_that_fails_is_kept(store: Store) -> None:
    broken: list[tuple[str, bytes]] = [("s", object())]  # type: ignore[list-item]
    with pytest.raises(Exception):  # noqa: B017 - whichever error the engine has for it
        store.keep(Batch(posts=[(post("p1"), read())], cursors=[("f", "1")], states=broken))
    assert store.known(["p1"]) == set() and store.cursor("f") is None and store.revision() == 0
    assert store.keep(Batch(posts=[(post("p1"), read())])).new == 1


def test_many_ids_at_once(store: Store) -> None:
    store.keep(Batch(posts=[(post(f"p{n}", n), read()) for n in range(1200)]))
    assert len(store.known(f"p{n}" for n in range(5000))) == 1200


def test_only_one_settles(store: Store, url: str) -> None:
    other = open_store(url)
    with store.sole(), pytest.raises(StoreBusy), other.sole():
        pass
    with other.sole():
        pass
    other.close()


def test_readers_in_threads_see_whole_batches_while_one_writes(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            before = store.revision()
            count = len(store.known(["a", *(f"p{n}" for n in range(100))]))
            seen.append((before, count))

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for batch in range(10):
        store.keep(Batch(posts=[(post(f"p{batch * 10 + n}"), read()) for n in range(10)]))
    stop.set()
    for thread in threads:
        thread.join()
    assert seen and all(count % 10 == 0 and count >= revision * 10 for revision, count in seen)


def test_an_address_nobody_knows_is_named() -> None:
    with pytest.raises(BadSetting, match="sqlite://"):
        open_store("mongo://x")
    with pytest.raises(BadSetting):
        open_store("verst.db")


def found(store: Store, *terms: list[str], minutes: float = 999, limit: int = 50) -> list[str]:
    return [each.id for each in store.search(terms, at(minutes), limit)]


def test_posts_are_found_by_their_words_newest_first(store: Store) -> None:
    posts = [(post(f"p{n}", n), read(wait())) for n in range(3)]
    words = [("p0", "стоим у границы c_queue"), ("p1", "граница закрыта p_verkhny_lars"), ("p2", "вода c_s_water")]
    store.keep(Batch(posts=posts, words=words))
    assert found(store, ["грани*"]) == ["p1", "p0"]
    assert found(store, ["грани*"], ["закрыта"]) == ["p1"]
    assert found(store, ["вода", "стоим"]) == ["p2", "p0"]
    assert found(store, ["грани*"], limit=1) == ["p1"] and found(store, ["грани*"], minutes=0) == ["p0"]
    assert found(store, ["p_verkhny_lars"]) == ["p1"] and found(store, ["verkhny"]) == []
    assert found(store) == [] and found(store, []) == []


def test_an_edit_is_found_by_its_new_words_only_and_by_nobody_who_looks_back(store: Store) -> None:
    store.keep(Batch(posts=[(post("p1"), read(wait()))], words=[("p1", "старое")]))
    store.keep(Batch(posts=[(post("p1", edited_at=at(5)), read(wait()))], words=[("p1", "новое")]))
    store.keep(Batch(posts=[(post("p1", edited_at=at(2)), read(wait()))], words=[("p1", "старое")]))  # comes too late
    assert found(store, ["новое"]) == ["p1"] and found(store, ["старое"]) == []
    assert found(store, ["новое"], minutes=4) == []


@pytest.mark.parametrize("term", ['"', "' OR 1=1", "a AND b", "NEAR(", "*", "-x", "said:x", "(", "^a", "ёж*", "上", ""])
def test_whatever_is_searched_for_is_only_words(store: Store, term: str) -> None:
    store.keep(Batch(posts=[(post("p1"), read(wait()))], words=[("p1", "просто слова 上")]))
    assert found(store, [term]) == (["p1"] if term == "上" else [])


def test_everything_can_be_listed(store: Store) -> None:
    told = [(post(f"p{n}", -n), read(wait())) for n in range(3)]
    store.keep(Batch(posts=told, words=[("p1", "очередь c_queue")], cursors=[("f", "1")], states=[("s", b"1")]))
    assert [each.id for each, _, _ in store.every_post()] == ["p2", "p1", "p0"]
    words = {each.id: sorted(said.split()) for each, _, said in store.every_post()}
    assert words == {"p0": [], "p1": ["c_queue", "очередь"], "p2": []}
    assert store.cursors() == {"f": "1"} and store.states() == {"s": b"1"}


def test_words_expire_and_what_they_reported_stays(store: Store) -> None:
    days = [-30, -8, -1]
    told = [(post(f"p{day}", 1440 * day), read(wait())) for day in days]
    reports = [report(f"p{day}", 1440 * day) for day in days]
    store.keep(Batch(posts=told, reports=reports, words=[(f"p{day}", "слова") for day in days]))
    before = store.revision()
    assert store.expire(at(-1440 * 2)) == 2 and store.revision() == before + 1
    assert store.known(f"p{day}" for day in days) == {"p-1"} and found(store, ["слова"]) == ["p-1"]
    assert len(list(store.reports())) == 3 and store.span() == (at(-1440), at(-1440))
    assert store.expire(at(-1440 * 2)) == 0 and store.revision() == before + 1, "nothing new, no new revision"
    assert store.keep(Batch(posts=[(post("late", -1440 * 20), read(wait()))])).new == 1


def test_what_is_forgotten_is_gone_with_all_it_said(store: Store) -> None:
    told = [(post(name), read(wait())) for name in ("p1", "p2")]
    store.keep(Batch(posts=told, reports=[report("p1"), report("p2")], heard=[heard("p1")], words=[("p1", "слова")]))
    assert store.forget(["p1", "unknown"]) == 1
    assert [each.post for each in store.reports()] == ["p2"] and list(store.heard()) == []
    assert store.known(["p1"]) == set() and found(store, ["слова"]) == []
    assert store.keep(Batch(posts=told[:1])).new == 1


def test_pictures_are_found_by_time_and_group(store: Store) -> None:
    first, other = "00112233445566ff", "ffeeddccbbaa9988"
    seen = [sighting("p2", 5), sighting("p1", 5), sighting("p3", 1, other), sighting("p3", 1, first)]
    store.keep(Batch(sightings=seen))
    assert store.sightings() == [seen[3], seen[2], seen[1], seen[0]]
    assert store.sightings(groups=[first], since=at(2)) == [seen[1], seen[0]]
    assert store.sightings(groups=[other, first], until=at(1)) == [seen[3], seen[2]]
    assert store.sightings(groups=[]) == [] and store.sightings(since=at(6)) == []


def test_groups_are_found_by_a_byte_in_its_place(store: Store) -> None:
    one, other = "00112233445566ff", "ffeeddccbbaa9988"
    store.keep(Batch(sightings=[sighting("p1", 0, one), sighting("p2", 1, "00112233445566fe", one)]))
    store.keep(Batch(sightings=[sighting("p3", 2, other)]))
    assert store.alike("0077777777777777") == [one] and store.alike("ffffffffffff9988") == [other]
    assert store.alike("0011ddccbbaa9988") == [one, other]
    assert store.alike("ff00112233445566") == [other] and store.alike("7777777777777777") == []


def test_pictures_go_with_what_their_post_showed_before_and_with_it(store: Store) -> None:
    store.keep(Batch(posts=[(post("p1"), read())], sightings=[sighting("p1"), sighting("p2")]))
    store.keep(Batch(sightings=[sighting("p1", 0, "0" * 16)]))
    assert [each.print for each in store.sightings()] == ["0" * 16, "00112233445566ff"]
    store.keep(Batch(posts=[(post("p1"), read())], sightings=[sighting("p1", 9)]))  # no later edit
    assert [each.known_at for each in store.sightings()] == [NOON, NOON]
    store.forget(["p1"])
    assert [each.post for each in store.sightings()] == ["p2"]
