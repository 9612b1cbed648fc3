"""The queue: the most urgent first, within the limits, the least urgent dropped."""

from __future__ import annotations

from verst.bot.outgoing import A_MINUTE, A_SECOND, ADMIN, ALERT, ANSWER, DIGEST, MOST_WAITING, Outgoing, Parcel


def test_the_most_urgent_goes_first_and_those_alike_in_order() -> None:
    queue = Outgoing()
    for n, urgency in enumerate((DIGEST, ANSWER, ALERT, ADMIN, ANSWER)):
        queue.put(Parcel(n + 1, str(n), urgency))
    assert [found.text for _ in range(5) if (found := queue.take(0.0))] == ["3", "1", "4", "2", "0"]
    assert queue.take(0.0) is None and queue.rest(0.0) is None


def test_a_group_is_told_no_more_a_minute_than_the_platform_lets_us() -> None:
    queue, sent, now = Outgoing(), [], 0.0
    for n in range(3 * A_MINUTE):
        queue.put(Parcel(-1, str(n), ANSWER))
    while queue.waiting:
        if queue.take(now) is not None:
            sent.append(now)
        else:
            now += queue.rest(now) or 0.0
    for at in sent:
        assert sum(at <= other < at + 60 for other in sent) <= A_MINUTE


def test_all_together_are_told_no_more_a_second() -> None:
    queue, sent, now = Outgoing(), [], 0.0
    for n in range(200):
        queue.put(Parcel(-n - 1, str(n), ANSWER))
    while queue.waiting:
        if queue.take(now) is not None:
            sent.append(now)
        else:
            now += queue.rest(now) or 0.0
    assert all(sum(at <= other < at + 1 for other in sent) <= A_SECOND for at in sent) and now < 10


def test_of_too_much_the_least_urgent_is_dropped_and_counted() -> None:
    queue = Outgoing()
    for n in range(MOST_WAITING):
        queue.put(Parcel(-1, str(n), DIGEST if n % 2 else ANSWER))
    for _ in range(10):
        queue.put(Parcel(-1, "answer", ANSWER))
    assert queue.dropped == 10 and len(queue.waiting) == MOST_WAITING
    assert sum(each.urgency == DIGEST for each in queue.waiting) == MOST_WAITING // 2 - 10


def test_an_edit_of_the_same_message_takes_the_place_of_the_one_before() -> None:
    queue = Outgoing()
    for text in ("a", "b", "c"):
        queue.put(Parcel(-1, text, DIGEST, edits=5))
    queue.put(Parcel(-1, "other", DIGEST, edits=6))
    assert [each.text for each in queue.waiting] == ["c", "other"]


def test_who_asks_for_patience_gets_it_alone_and_what_is_over_is_not_sent() -> None:
    queue = Outgoing()
    queue.put(Parcel(-1, "held", ANSWER))
    queue.put(Parcel(-2, "free", DIGEST))
    queue.put(Parcel(-3, "over", ADMIN, until=5.0))
    queue.hold(-1, 30.0)
    assert (found := queue.take(10.0)) is not None and found.text == "free"
    assert queue.take(10.0) is None and queue.rest(10.0) == 20.0
    queue.hold(None, 50.0)
    assert queue.take(31.0) is None and (found := queue.take(50.0)) is not None and found.text == "held"
