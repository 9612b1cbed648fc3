"""Numbers whose noun stands before them: «машин в очереди больше тысячи», «фур стоит штук 300», «машины (штук 60)».

In lists and bulletins it stands in a label: «Кількість легкових авто перед ППр: 10», "Cars waiting ...... 35".
"""

from __future__ import annotations

from msgspec.structs import replace

from verst.reading.amount import Amount
from verst.reading.forms import Entry
from verst.reading.ground import Ground
from verst.reading.text import LEADER
from verst.reading.unit_words import unit_at

_COUNTED = ("vehicle", "person")
_MOST_BETWEEN = 4  # words between a noun and its number
_PIECES_REACH = 10  # words from a noun to the pieces of it
_ENDS = {".", "!", "?", ";", "•"}
_LEAST = 2  # of a number whose noun stands farther before it
_LONGEST_LABEL = 8  # words before the colon
_BEFORE_COUNTED = ("count_of", "gap", "skip", "filler")
_AFTER_LABEL = {":", "=", "…"}


def with_nouns_before(ground: Ground, amounts: list[Amount]) -> list[Amount]:
    """The amounts, bare numbers and pieces with the vehicles or people that were named before them."""
    made: list[Amount] = []
    for amount in amounts:
        free = made[-1].last_token + 1 if made else 0
        made.append(
            _of_label(ground, amount, free) or _of_pieces(ground, amount) or _of_noun(ground, amount, free) or amount
        )
    return made


def _of_label(ground: Ground, amount: Amount, free: int) -> Amount | None:
    """A bare number that ends its line after a label which names what is counted; the label becomes part of it."""
    if amount.unit != "none" or amount.per or amount.per_minutes or not _ends_line(ground, amount.last_token + 1):
        return None
    end = _label_end(ground, amount.first_token)
    if end is None:
        return None
    for at in range(end, max(free, end - _LONGEST_LABEL) - 1, -1):
        if ground.text(at) in _ENDS:
            return None
        noun = _noun(ground, at)
        if noun is not None:
            return _labelled(ground, amount, at, free)
        if not ground.same_line(at):
            return None
    return None


def _labelled(ground: Ground, amount: Amount, at: int, free: int) -> Amount | None:
    """The number as counting the noun at a token; «вантажних авто» are counted by the first of the two words."""
    while at - 1 >= free and ground.same_line(at) and _noun(ground, at - 1) is not None:
        at -= 1
    said = unit_at(ground, at)
    if said is None or said.unit not in _COUNTED or not _opens_label(ground, at, free):
        return None
    mode = (said.detail or "any") if said.unit == "vehicle" else None
    return replace(amount, first_token=at, unit=said.unit, unit_said=said.said, mode=mode)


def _opens_label(ground: Ground, at: int, free: int) -> bool:
    """Whether a label is of the noun at a token: the noun opens it, or words of counting do («Кількість», "number of").

    «Цена за авто: 300» counts no cars.
    """
    while at > free and ground.same_line(at) and ground.text(at - 1)[0].isalnum():
        opened = next(
            (at - back for back in (3, 2, 1) if at - back >= free and _counts_up_to(ground, at - back, at)), None
        )
        if opened is None:
            return False
        at = opened
    return True


def _counts_up_to(ground: Ground, first: int, end: int) -> bool:
    return any(ground.role(first, role) == end for role in _BEFORE_COUNTED)


def _label_end(ground: Ground, first: int) -> int | None:
    """The last token of the label before a number: in front of a colon, a leader of dots, or a free dash."""
    at = first - 1
    if at < 1 or not ground.same_line(first):
        return None
    if ground.text(at) in _AFTER_LABEL or (ground.text(at) == "-" and not ground.glued(at) and not ground.glued(first)):
        return at - 1 if ground.same_line(at) else None
    dots = 0
    while at >= 0 and ground.text(at) == "." and ground.same_line(at + 1):
        at, dots = at - 1, dots + 1
    return at if dots > LEADER and at >= 0 and ground.same_line(at + 1) else None


def _ends_line(ground: Ground, at: int) -> bool:
    return at >= len(ground.toks) or not ground.same_line(at) or ground.text(at) in _ENDS | {",", ")", "|"}


def _of_pieces(ground: Ground, amount: Amount) -> Amount | None:
    """«штук 300», «300 штук»: of the vehicles named next to them; said before the number they make it rough."""
    if "pieces" not in ground.roles or amount.unit not in ("none", "other"):
        return None
    inside = range(max(0, amount.first_token - 2), amount.last_token + 2)
    at = next((i for i in inside if ground.role(i, "pieces") is not None), None)
    if at is None or (amount.unit == "other" and ground.role(at, "pieces") != amount.last_token + 1):
        return None
    rough = at < amount.first_token and amount.bound == "exact"
    first = min(at, amount.first_token)
    changed = replace(amount, first_token=first, last_token=max(at, amount.last_token), unit="none",
                      bound="approx" if rough else amount.bound)  # fmt: skip
    after = _noun(ground, changed.last_token + 1)
    noun = after or _noun_before(ground, first)
    if noun is None:
        return changed
    end = changed.last_token + 1 if after else changed.last_token
    return _counting(replace(changed, last_token=end), noun, ground.text(at))


def _noun(ground: Ground, index: int) -> Entry | None:
    hit = ground.found[index].get("unit") if 0 <= index < len(ground.toks) else None
    return hit[1] if hit is not None and hit[1].unit in _COUNTED else None


def _noun_before(ground: Ground, first: int) -> Entry | None:
    for at in range(first - 1, max(-1, first - _PIECES_REACH - 1), -1):
        if ground.text(at) in _ENDS or not ground.same_line(at + 1):
            return None
        noun = _noun(ground, at)
        if noun is not None:
            return noun
    return None


def _of_noun(ground: Ground, amount: Amount, free: int) -> Amount | None:
    """«машин в очереди больше тысячи», «машин по 20-25 в час»."""
    if amount.unit != "none" or amount.value < _LEAST or amount.per == "day":
        return None
    for at in range(amount.first_token - 2, max(free - 1, amount.first_token - _MOST_BETWEEN - 2), -1):
        noun = _noun(ground, at)
        if noun is not None:
            reached = "inverted" in ground.found[at] and _bridges(ground, at + 1, amount.first_token)
            changed = replace(amount, bound="approx" if amount.bound == "exact" and not amount.per else amount.bound)
            return _counting(changed, noun, ground.text(at)) if reached else None
    return None


def _bridges(ground: Ground, at: int, end: int) -> bool:
    while at < end and ground.same_line(at):
        step = ground.role(at, "gap")
        if step is None:
            return False
        at = step
    return at == end


def _counting(amount: Amount, noun: Entry, said: str) -> Amount:
    mode = (noun.detail or "any") if noun.unit == "vehicle" else None
    return replace(amount, unit=noun.unit, unit_said=said, mode=mode)
