"""Prices of what people pay at a crossing: seats, bicycles, places in the queue, bribes …"""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from verst.model import Bound, Mode
from verst.reading.amounts import Amount
from verst.reading.corrections import corrected, corrects
from verst.reading.draft import Draft
from verst.reading.manner import asserted, mode_near, mode_words
from verst.reading.scene import Clause, Scene, Sentence

_SERVICES = ("bribe", "queue_place", "bicycle", "insurance", "lodging", "ticket", "seat", "transfer", "other")
_TRADE = "buy sell charge_for cost per_person per_car"
_SOLD = "svc_seat svc_ticket svc_transfer svc_bicycle ad_offer"
_PAID = "svc_seat svc_ticket svc_transfer svc_bicycle svc_queue_place svc_insurance svc_lodging svc_bribe"
_GOODS = "s_food s_water s_fuel s_charge s_sim s_toilet"
_OF_AGE = 18
_THOUSAND = 1000
_LEAST_ASKED = 10  # «взрослый 70, детский 35» to «почём велики?»
_LEAST_BARE = 300  # a bare number below it is no price
_OPENING = 40  # tokens before a figure in which an offer opens
_LEAST_PER_CAR = 1000
_HOME_MONEY = {"RU": "RUB", "UA": "UAH", "BY": "BYN"}


def prices(scene: Scene, home: str | None) -> list[Draft]:
    """Every price the post states; ``home`` is the country whose money a bare figure is in."""
    found: list[Draft] = []
    for amount in map(partial(_in_thousands, scene), _ranges(scene)):
        currency = _currency(scene, amount, home)
        if currency is None or amount.value is None or corrected(scene, amount) or not _stated(scene, amount):
            continue
        service = _service(scene, amount)
        if service is None:
            continue
        found.append(Draft(kind="price", first=amount.first_token, last=amount.last_token, rule=f"prices.{service}",
                           mode=_mode(scene, amount, service), value=amount.value, low=amount.low, high=amount.high,
                           bound=_bound(scene, amount), service=service, currency=currency))  # fmt: skip
    return found


def _is_age(scene: Scene, amount: Amount) -> bool:
    """«племінницю 12р»: a child's years, written like a sum."""
    return amount.value < _OF_AGE and scene.has("r_child", scene.clause(amount.first_token))


def _ranges(scene: Scene) -> list[Amount]:
    """The amounts; two sums with one word of range between them are one: "$250 to $400"."""
    made: list[Amount] = []
    for amount in scene.amounts:
        low = made[-1] if made else None
        joined = low is not None and low.unit == amount.unit == "money" and low.currency == amount.currency
        if low is None or not joined or not _is_range(scene, low, amount):
            made.append(amount)
            continue
        made[-1] = replace(low, value=(low.value + amount.value) / 2, low=low.value, high=amount.value, bound="approx",
                           last_token=amount.last_token)  # fmt: skip
    return made


def _is_range(scene: Scene, low: Amount, high: Amount) -> bool:
    at = low.last_token + 1
    joined = scene.toks[at].text == "-" or scene.marks.any(("until", "and"), at, at)
    return joined and at + 1 == high.first_token and low.low is None and high.low is None and low.value < high.value


def _in_thousands(scene: Scene, amount: Amount) -> Amount:
    """«час назад было 50, сейчас просят 70 тысяч»: a bare figure beside one of thousands is of thousands too."""
    if (
        amount.unit != "none"
        or scene.toks[amount.last_token].text.isalpha()
        or not 1 < amount.value < _LEAST_BARE
        or amount.per
        or amount.per_minutes
    ):
        return amount
    after = amount.last_token + 1
    follows = after < len(scene.toks) and (scene.toks[after].text[0].isalnum() or scene.toks[after].text == "-")
    follows = follows and not scene.marks.any(("charge_for", "sell", "buy"), after, after)  # «уже 14 просят»
    if not (scene.times or scene.ad or corrects(scene, amount) == "money") or follows:
        return amount  # no price of another hour, or a number of something else
    sentence = scene.sentence(amount.first_token)
    beside = [
        a.value
        for a in scene.amounts
        if a is not amount and sentence.first <= a.first_token <= sentence.last and a.unit in ("none", "money")
    ]
    sized = any(a >= _THOUSAND * 2 and 0.2 <= amount.value * _THOUSAND / a <= 5 for a in beside)
    if not sized or not scene.has(f"{_TRADE} {_SOLD} q_price", sentence):
        return amount
    low, high = (None if end is None else end * _THOUSAND for end in (amount.low, amount.high))
    return replace(amount, value=amount.value * _THOUSAND, low=low, high=high)


def _bound(scene: Scene, amount: Amount) -> Bound:
    """A price that is «уже 800» is 800, no more and no less."""
    already = amount.bound == "min" and scene.marks.has("sizeable", amount.first_token, amount.first_token)
    return "exact" if already else amount.bound


def _currency(scene: Scene, amount: Amount, home: str | None) -> str | None:
    if amount.unit == "money" and _is_age(scene, amount):
        return None
    if amount.unit == "money":
        return amount.currency or _HOME_MONEY.get(home or "")
    each = scene.ad or scene.marks.has("per_car", amount.first_token, amount.last_token)
    if each and amount.unit == "vehicle" and amount.value >= _LEAST_PER_CAR:
        return _HOME_MONEY.get(home or "RU")  # «15 тысяч машина»
    asked = scene.reply is not None and scene.reply.has("q_price") and amount.unit == "none"
    least = _LEAST_ASKED if asked and scene.reply and scene.reply.has("svc_bicycle svc_seat") else _LEAST_BARE
    if amount.unit not in ("none", "other") or amount.per or amount.per_minutes or amount.value < least:
        return None
    sentence, clause = scene.sentence(amount.first_token), scene.clause(amount.first_token)
    if scene.has("queue", clause) and not scene.has(f"{_TRADE} {_SOLD}", clause) and not asked:
        return None  # "the line is 20k"
    if beside := _money_before(scene, amount, sentence):
        return beside  # «800 евро, вчера был 600»
    trading = scene.near(_TRADE, amount.first_token, amount.last_token, 6) or scene.has(_SOLD, sentence)
    trading = (
        trading
        or scene.has("svc_bribe", sentence)
        or (scene.ad and not scene.near("r_vehicle", amount.first_token, amount.last_token, 1))
    )
    asked = scene.reply is not None and scene.reply.has("q_price")
    return _HOME_MONEY.get(home or "RU") if trading or asked else None


def _money_before(scene: Scene, amount: Amount, sentence: Sentence) -> str | None:
    """The currency of a figure right before in the sentence, when the bare figure is of the same size."""
    before = [a for a in scene.amounts if sentence.first <= a.first_token < amount.first_token]
    if not before or before[-1].unit != "money" or amount.unit != "none" or not before[-1].value:
        return None
    return before[-1].currency if 0.2 <= amount.value / before[-1].value <= 5 else None


def _stated(scene: Scene, amount: Amount) -> bool:
    first = amount.first_token
    sentence = scene.sentence(first)
    if not asserted(scene, first, past=True) or (scene.has("figure_elsewhere", sentence) and not scene.ad):
        return False
    clause = scene.clause(first)
    if scene.has(_PAID, clause) or scene.near("per_person per_car", first, amount.last_token, 4):
        return True
    if scene.reply is not None and scene.reply.has(_PAID):
        return True
    return not (scene.near(_GOODS, first, amount.last_token, 5) and not scene.has(_PAID, sentence))


def _service(scene: Scene, amount: Amount) -> str | None:
    """The service named nearest: in the clause, sentence, question answered, or anywhere in an advertisement."""
    first = amount.first_token
    clause, sentence = scene.clause(first), scene.sentence(first)
    if scene.ad and not scene.has(_PAID, clause) and (headed := _headed(scene, first)):
        return headed
    if scene.near("per_person", first, amount.last_token, 2) and scene.has("m_car", sentence) and not scene.ad:
        return "seat"  # «с великом развернули, сел в ниву, 7 тыс. с носа»
    spans: list[Clause | Sentence] = [clause, sentence]
    if scene.ad or len(scene.sentences) <= 3:
        spans.append(Sentence(0, len(scene.toks) - 1))
    for span in spans:
        for service in _SERVICES:
            if scene.has(f"svc_{service}", span):
                return service
    if scene.reply is not None:
        asked = next((service for service in _SERVICES if scene.reply.has(f"svc_{service}")), None)
        if asked:
            return asked
    if scene.has("m_bicycle", sentence) and scene.near("buy", first, amount.last_token, 3):
        return "bicycle"  # «عبر بالدراجة، دفع فيها 42 ألف روبل»
    if scene.has("charge_for", clause) and scene.has("m_bus", clause):
        return "seat"  # «в бусі 1800 гривень з неї взяли»
    if scene.has("charge_for", clause) and scene.near("per_person per_car", first, amount.last_token, 4):
        return "transfer"  # «мужики на Камри просят 25 тысяч тенге с человека»
    riding = scene.ad and scene.has("per_person m_car m_bus ad_offer")
    return "seat" if riding else None


def _headed(scene: Scene, first: int) -> str | None:
    """What an offer opens with, where a figure follows that names nothing: «Стелс, скорости не тыкать. 35 000»."""
    marks = [
        (m.last, service)
        for service in _SERVICES
        for m in scene.marks.within(f"svc_{service}", first - _OPENING, first - 1)
    ]
    return max(marks)[1] if marks else None


def _mode(scene: Scene, amount: Amount, service: str) -> Mode:
    if service == "bicycle":
        return "bicycle"
    if service == "insurance":
        if scene.has("m_truck"):
            return "truck"
        car = scene.has("m_car r_vehicle") or (scene.reply is not None and scene.reply.has("m_car r_vehicle"))
        return "car" if car else "any"
    if service == "lodging":
        return "any"
    near = mode_near(scene, amount.first_token, amount.last_token)
    if service == "seat" and near is None and mode_words(scene, scene.sentence(amount.first_token)) == ["car"]:
        return "car"
    if near and near != "foot" and (near != "air" or service == "ticket"):
        return near
    unfit = ("foot",) if service == "ticket" else ("foot", "air")
    named: list[Mode] = [mode for mode in mode_words(scene, None) if mode not in unfit]
    if not named and scene.reply is not None:
        named = [mode for mode in mode_words(scene.reply, None) if mode not in ("foot", "air")]
    return named[0] if len(named) == 1 or (scene.ad and named) else "any"
