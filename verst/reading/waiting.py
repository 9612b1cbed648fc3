"""Whether a duration is a wait: words of waiting or crossing are near it, and nothing says that it is another time."""

from __future__ import annotations

from verst.reading.amounts import Amount
from verst.reading.idle import is_idle_time
from verst.reading.manner import asserted, mode_words
from verst.reading.scene import Scene, Sentence

WAITS = "stand waited crossed wait_noun queue ahead"
_HALTS = "closed paused ev_accident ev_strike"  # what lasts so long is the halt
_QUEUE_UP = "m_car m_truck m_bus m_foot vehicle_noun people_noun first_person relative border"
_DAY = 1440
_STAY_MINUTES = 3 * _DAY
_SERVED = "ev_it_down s_fuel s_water s_food s_toilet s_sim s_atm s_charge"
_A_GAP = 60  # minutes: who waits longer for the next car counts no rate
_SHORT_SENTENCE = 6
_TOLD_BEFORE = 16
_FEW_TOKENS = 12
_BESIDE = 3  # tokens
_NO_WAIT = 14 * _DAY
_ALONE_TOKENS = 3  # a duration so near the start of a post in a group about one crossing needs no other word


def is_wait(scene: Scene, amount: Amount) -> bool:
    """Whether the duration is a wait at a crossing."""
    if _stated_as_wait(scene, amount):
        return True
    return not _is_other_time(scene, amount) and _waits_nearby(scene, amount)


def _stated_as_wait(scene: Scene, amount: Amount) -> bool:
    """«пятнадцатый час», «итого 31 час»: nothing else is counted so."""
    first, last = amount.first_token, amount.last_token
    if not _told(scene, amount) or _is_its_name(scene, amount):
        return False
    clause = scene.clause(first)
    halted = scene.has(_HALTS, clause) and not scene.has("stand", clause)
    if _is_nth(scene, amount):
        return not scene.has(f"elsewhere {_SERVED}", clause) and not halted
    return scene.near("sum", first, last, 2) and not scene.has(_HALTS, clause)


def _is_nth(scene: Scene, amount: Amount) -> bool:
    """«пятнадцатый час» of the queue a chat is about, of a place named beside it, or of standing."""
    sentence = scene.sentence(amount.first_token)
    here = any(sentence.first <= h.first_token <= sentence.last for h in scene.places)
    one = scene.crossings_named == 1
    here = here or (one and amount.first_token == sentence.first)
    weeks = amount.factor > _DAY and not scene.has(WAITS, sentence)
    return amount.ordinal and not weeks and bool(scene.post.chat.about or here or scene.has(WAITS, sentence))


def _told(scene: Scene, amount: Amount) -> bool:
    clause = scene.clause(amount.first_token)
    past = scene.has("waited crossed stand", clause)
    return not scene.sentence(amount.first_token).asks and asserted(scene, amount.first_token, past=past)


def _is_its_name(scene: Scene, amount: Amount) -> bool:
    """«час очікування» is the time of waiting, no hour."""
    return amount.bare and scene.marks.any(("wait_noun", "q_long"), amount.first_token, amount.last_token + 1)


def _is_other_time(scene: Scene, amount: Amount) -> bool:
    """Asked, supposed, a rate, a closure's own length, a stay, a walk, a drive, a policy."""
    first, last = amount.first_token, amount.last_token
    clause = scene.clause(first)
    if not _told(scene, amount) or _is_its_name(scene, amount):
        return True
    if _is_nth(scene, amount):
        return True  # settled already
    if scene.has(_HALTS, clause) and not scene.has("stand waited crossed", clause):
        return True
    if scene.has("let entered process", clause) and _counts_beside(scene, amount):
        return True
    if is_idle_time(scene, amount) or (scene.has("q_price", clause) and scene.has("up down", clause)):
        return True  # «ни одной машины за 3 часа», «цены за четыре дня выросли»
    if _is_of_something_else(scene, amount) or _is_way_from(scene, amount):
        return True
    if amount.value <= _A_GAP and any(other.per_minutes == amount.value for other in scene.amounts):
        return True  # «одна машина в три минуты»
    papers = scene.has("r_documents", clause) and not scene.has(WAITS, clause)
    if papers and amount.value >= _DAY:
        return True  # "a passport that runs out in three weeks"
    if (
        _is_as_of(scene, amount)
        or _is_far_from(scene, amount)
        or _is_no_queue(scene, amount)
        or _is_late(scene, amount)
        or _is_check(scene, amount)
        or _is_paid_for(scene, amount)
    ):
        return True
    if scene.marks.has("elsewhere", first - 1, first - 1) and amount.value <= _A_GAP:
        return True  # «ползём, каждые пять минут на корпус»
    if scene.has("elsewhere", clause) and not scene.near("stand waited crossed wait_noun", first, last, 4):
        return not (_from_the_queue(scene, amount) or _to_the_stamp(scene, amount))
    stay = scene.has("r_entry_stay", clause) and not scene.has(WAITS, clause) and amount.value >= _STAY_MINUTES
    return stay or scene.near("moved", first, last, 0) or scene.has("svc_insurance svc_lodging", clause)


def _is_of_something_else(scene: Scene, amount: Amount) -> bool:
    """«стоим 28-й час, печку включаем по десять минут»: so much at a time, behind a clause that told the wait."""
    first = amount.first_token
    clause, sentence = scene.clause(first), scene.sentence(first)
    if not scene.marks.has("cost", first - 1, first - 1) or scene.has(WAITS, clause) or mode_words(scene, clause):
        return False
    return any(
        other.unit == "minute" and other.last_token < clause.first and scene.has(WAITS, scene.clause(other.first_token))
        for other in scene.amounts
        if other.first_token >= sentence.first
    )


def _from_the_queue(scene: Scene, amount: Amount) -> bool:
    """ "2 hours from the back of the line": no way from elsewhere."""
    last = amount.last_token
    here = scene.marks.within("elsewhere", amount.first_token, last + 1)
    return any(mark.first <= last for mark in here) and scene.marks.has("queue", last + 1, last + 6)


def _to_the_stamp(scene: Scene, amount: Amount) -> bool:
    """ "14 hours from the scales to the stamp"."""
    after = amount.last_token + 1, scene.clause(amount.first_token).last
    return scene.marks.has("stamp", *after) and scene.marks.has("to", *after) and not amount.bare


def _is_check(scene: Scene, amount: Amount) -> bool:
    """«справку смотрели 10 минут»: how long one paper was looked at."""
    clause = scene.clause(amount.first_token)
    looked = scene.marks.any(("r_check",), amount.first_token - 2, amount.first_token - 1)
    return looked and scene.has("r_documents r_exit_military", clause) and not scene.has(WAITS, clause)


def _is_way_from(scene: Scene, amount: Amount) -> bool:
    """«ночлег, 40 минут от поста»: how far a place is."""
    last = amount.last_token
    there = scene.marks.has("border", last + 2, last + 4) or (
        scene.has("svc_lodging s_lodging")
        and any(h.what == "crossing" and last + 2 <= h.first_token <= last + 4 for h in scene.places)
    )
    away = scene.marks.has("from", last + 1, last + 1) and there
    return away and not scene.has("queue stand waited crossed", scene.clause(amount.first_token))


def _is_paid_for(scene: Scene, amount: Amount) -> bool:
    """«900 руб за 10 дней»: what a sum right before it is for."""
    if amount.value >= _DAY and scene.has("svc_insurance", scene.sentence(amount.first_token)):
        return not scene.has(WAITS, scene.clause(amount.first_token))  # «30 dni 199 zł»
    paid = any(a.unit == "money" and 0 < amount.first_token - a.last_token <= 2 for a in scene.amounts)
    return paid and amount.value >= _DAY and scene.marks.has("cost", amount.first_token - 1, amount.first_token - 1)


def _is_as_of(scene: Scene, amount: Amount) -> bool:
    """«на 20 часов ожидают выезда 3 120 легковых», in a channel: as of when, before what is counted."""
    sentence = scene.sentence(amount.first_token)
    after = any(a.unit == "vehicle" and amount.last_token < a.first_token <= sentence.last for a in scene.amounts)
    said = scene.marks.has("to", amount.first_token - 1, amount.first_token - 1) and amount.factor == 60.0
    return after and said and scene.post.chat.kind in ("channel", "news") and amount.value <= _DAY


def _is_no_queue(scene: Scene, amount: Amount) -> bool:
    """«скорую ждали час», «шлёпнул мне тридцать дней», "arrivals have grown by 160 % in a week"."""
    clause = scene.clause(amount.first_token)
    grown = any(a.unit == "percent" and clause.first <= a.first_token <= clause.last for a in scene.amounts)
    if grown:
        return not scene.has("stand waited", clause)
    if scene.has("s_medical", clause) and not scene.has("queue", clause):
        return True
    return amount.value >= _NO_WAIT and not scene.has("stand waited queue wait_noun", clause)


def _is_far_from(scene: Scene, amount: Amount) -> bool:
    """«Хостел, від переходу 15 хв»: where a bed is offered, how far the border is."""
    near = scene.marks.has("border", amount.first_token - _BESIDE, amount.first_token - 1) or any(
        0 < amount.first_token - h.last_token <= _BESIDE and h.what == "crossing" for h in scene.places
    )
    return (
        near
        and scene.has("svc_lodging s_lodging", scene.sentence(amount.first_token))
        and not scene.has(WAITS, scene.clause(amount.first_token))
    )


def _is_late(scene: Scene, amount: Amount) -> bool:
    """ "M/V Puyallup delayed 20 minutes": late is a timetable's matter, unless those who queue are said to be."""
    clause = scene.clause(amount.first_token)
    if not scene.has("late", clause):
        return False
    return not scene.has(_QUEUE_UP, clause) and not scene.near(WAITS, amount.first_token, amount.last_token, 4)


def _waits_nearby(scene: Scene, amount: Amount) -> bool:
    """Words of waiting in the clause, the sentence, the question answered, or the short sentence before."""
    clause, sentence = scene.clause(amount.first_token), scene.sentence(amount.first_token)
    if scene.has(WAITS, clause) or scene.has(WAITS, sentence) or _in_it(scene, amount):
        return True
    if scene.in_group_about_one and only_already(scene, amount):
        return True
    if _nothing_else(scene):
        return True
    asked = scene.reply
    if asked is not None and asked.has("crossed") and asked.has("q_many") and not asked.amounts:
        return True  # «роўна тры гадзіны» to «колькі вы прайшлі Лудонку?»
    if scene.answers_how_long or _answers_how(scene) or _after_crossing(scene, sentence) or _arrives(scene, sentence):
        return True
    if scene.in_group_about_one and amount.last_token - sentence.first <= _ALONE_TOKENS and not amount.bare:
        opens = sentence.first == 0 or (amount.first_token == sentence.first and amount.value < _STAY_MINUTES)
        told = opens and not scene.has("cond", sentence)
        if told and not scene.has("elsewhere moved from s_food svc_seat svc_lodging", clause):
            return True
    if _to_the_stamp(scene, amount):
        return True
    span = clause if scene.names(clause, "crossing") else sentence
    if scene.between_places(clause) or scene.has("elsewhere", span):
        return False  # «от поста до аула двадцать минут»
    return scene.names(sentence, "crossing") or bool(mode_words(scene, sentence)) or scene.has("border", clause)


def _nothing_else(scene: Scene) -> bool:
    """«двое с половиной суток. фура. Бурачки. всё»: a few words with one crossing and one duration."""
    short = len(scene.toks) <= _FEW_TOKENS and len(scene.sentences) > 1
    single = len(scene.amounts) == scene.crossings_named == 1
    return short and single and not scene.has("elsewhere moved from s_food svc_seat svc_lodging cond sell")


def _in_it(scene: Scene, amount: Amount) -> bool:
    """«трое суток от последней в хвосте до их печати»: in the queue, and nothing supposed."""
    clause = scene.clause(amount.first_token)
    return scene.has("here", clause) and not amount.bare and not scene.has("cond", scene.sentence(amount.first_token))


def _answers_how(scene: Scene) -> bool:
    """«жёстко, больше суток» to «как обстановка?» in a chat about one crossing."""
    asked = scene.reply
    short = len(scene.toks) <= _TOLD_BEFORE and len(scene.sentences) == 1
    return (
        short and scene.in_group_about_one and asked is not None and asked.has("q_how") and not scene.has("elsewhere")
    )


def only_already(scene: Scene, amount: Amount) -> bool:
    """«в очереди человек 250, 4 часа уже»: a clause of a duration that goes on, and nothing else."""
    clause = scene.clause(amount.first_token)
    words = {at for at in range(clause.first, clause.last + 1) if scene.toks[at].text[0].isalnum()}
    own = set(range(amount.first_token, amount.last_token + 1))
    named = {at for h in scene.places for at in range(h.first_token, h.last_token + 1)}
    already = {
        at for m in scene.marks.within("already", clause.first, clause.last) for at in range(m.first, m.last + 1)
    }
    return bool(already - own) and words <= own | already | named


def _after_crossing(scene: Scene, sentence: Sentence) -> bool:
    """«Прошли!! Семь часов всего»: the short sentence before tells that they got across or stood."""
    at = scene.sentences.index(sentence)
    if at == 0 or scene.post.chat.kind not in ("group", "social") or scene.has("elsewhere", sentence):
        return False
    before = scene.sentences[at - 1]
    if at > 1 and _opens(scene, sentence) and sentence.last - sentence.first <= _SHORT_SENTENCE:
        earlier = scene.sentences[at - 2]  # «Прошли пешком. Коляску несли пожарные. 70 минут от силы»
        before = earlier if scene.has("crossed", earlier) and scene.has("first_person", earlier) else before
    if before.asks:
        return False
    told = scene.has("crossed waited stand queue", before) or (
        scene.has("let", before) and scene.has("first_person", before)
    )
    length = before.last - before.first
    return told and (length <= _SHORT_SENTENCE or (length <= _TOLD_BEFORE and _opens(scene, sentence)))


def _opens(scene: Scene, sentence: Sentence) -> bool:
    """Whether a sentence begins with a duration."""
    return any(a.unit == "minute" and a.first_token == sentence.first for a in scene.amounts)


def _arrives(scene: Scene, sentence: Sentence) -> bool:
    """«19 часов, и мы в Казахстане»: a country with a word of direction in the sentence."""
    return any(
        h.what == "country"
        and sentence.first <= h.first_token <= sentence.last
        and scene.marks.any(("to", "toward", "already"), h.first_token - 1, h.last_token)
        for h in scene.places
    )


def _counts_beside(scene: Scene, amount: Amount) -> bool:
    """«за сорок минут пропустили десять» is a rate."""
    clause = scene.clause(amount.first_token)
    return any(
        other is not amount
        and other.unit in ("none", "vehicle", "person")
        and clause.first <= other.first_token <= clause.last
        for other in scene.amounts
    )
