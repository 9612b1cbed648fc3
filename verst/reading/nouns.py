"""Numbers whose noun stands before them: «машин в очереди больше тысячи», «фур стоит штук 300», «машины (штук 60)»."""

from __future__ import annotations

from msgspec.structs import replace

from verst.reading.amount import Amount
from verst.reading.forms import Entry
from verst.reading.ground import Ground

_COUNTED = ("vehicle", "person")
_MOST_BETWEEN = 4  # words between a noun and its number
_PIECES_REACH = 10  # words from a noun to the pieces of it
_ENDS = {".", "!", "?", ";", "•"}
_LEAST = 2  # of a number whose noun stands farther before it


def with_nouns_before(ground: Ground, amounts: list[Amount]) -> list[Amount]:
    """The amounts, bare numbers and pieces with the vehicles or people that were named before them."""
    made: list[Amount] = []
    for amount in amounts:
        free = made[-1].last_token + 1 if made else 0
        made.append(_of_pieces(ground, amount) or _of_noun(ground, amount, free) or amount)
    return made


def _of_pieces(ground: Ground, amount: Amount) -> Amount | None:
    """«штук 300», «300 штук»: of the vehicles named next to them; said before the number they make it rough."""
    if amount.unit not in ("none", "other"):
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
