"""Numbers written in digits: groups, decimals, simple fractions."""

from __future__ import annotations

from verst.reading.ground import Ground, is_digits

_LONGEST = 9  # digits of a number; longer ones are identifiers
_PARTS = {2, 3, 4, 5, 10, 15, 20, 100}  # what a fraction is written in; other «5/6» are ranges


def names_something(ground: Ground, index: int) -> bool:
    """M4, E105: digits stuck to Latin or Cyrillic letters are part of a name."""
    if index > 1 and "short" in ground.found[index - 1] and is_digits(ground.text(index - 2)):
        return False  # 2h20
    before = ground.text(index - 1)[-1:] if ground.glued(index) else ""
    return before.isalpha() and before < "\u0530"


def read_digits(ground: Ground, index: int) -> tuple[float, int] | None:
    """Digits with groups and decimals from a token on: the value and the token after."""
    whole, after = ground.text(index), index + 1
    if len(whole) > _LONGEST:
        return None
    fraction = _fraction(ground, after, whole)
    if fraction is not None:
        return fraction, after + 2
    grouped = False
    while (step := _group(ground, after, whole, grouped)) is not None:
        whole, after, grouped = whole + ground.text(step), step + 1, True
    if ground.text(after) in (",", ".") and ground.glued(after) and ground.glued(after + 1):
        cents = ground.text(after + 1)
        dated = ground.text(after + 2) == "." and ground.glued(after + 3) and is_digits(ground.text(after + 3))
        if is_digits(cents) and len(cents) <= 6 and not dated:
            return float(f"{whole}.{cents}"), after + 2
    return float(whole), after


def _fraction(ground: Ground, sign: int, above: str) -> float | None:
    below = ground.text(sign + 1)
    if ground.text(sign) != "/" or not ground.glued(sign) or not is_digits(below) or len(below) > 3:
        return None
    if int(below) not in _PARTS or not 0 < int(above) < int(below) or (int(above) > 3 and int(below) == int(above) + 1):
        return None
    return int(above) / int(below)


def _group(ground: Ground, sign: int, whole: str, grouped: bool) -> int | None:
    """The token of three more digits after a space, comma, dot or apostrophe; None: the number ends here."""
    if (len(whole) > 3 and not grouped) or whole[0] == "0" or len(whole) > _LONGEST:
        return None
    text = ground.text(sign)
    if len(text) == 3 and is_digits(text):
        between = ground.folded[ground.toks[sign - 1].end : ground.toks[sign].start]
        return sign if between == " " else None
    more = ground.text(sign + 1)
    if text in (",", ".", "'") and len(more) == 3 and is_digits(more) and ground.glued(sign) and ground.glued(sign + 1):
        return sign + 1
    return None
