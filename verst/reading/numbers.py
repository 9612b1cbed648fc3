"""Numbers, in digits and in words of any language, as the language files spell them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from verst.reading.digits import names_something, read_digits
from verst.reading.ground import Ground, is_digits

_MOST_PIECES = 24
_MOST_WITH_FRACTION = 100
_OWN_SCRIPTS = "\u0530"  # scripts from here on write a whole word with one sign


class Number(msgspec.Struct, frozen=True, gc=False):
    """A number in the text: tokens ``first`` up to, not including, ``after``."""

    value: float
    first: int
    after: int
    digits: bool
    approx: bool = False
    scaled: float = 1.0  # by the scale word at its end: of "20 тысяч" 1000
    word: bool = False
    low: float | None = None
    high: float | None = None


def read_number(ground: Ground, index: int) -> Number | None:
    """The number that begins at a token, the longest there is; None: none begins there."""
    if index in ground.numbers:
        return ground.numbers[index]  # type: ignore[no-any-return]
    made = ground.numbers[index] = _read_number(ground, index)
    return made


def _read_number(ground: Ground, index: int) -> Number | None:
    text = ground.text(index)
    if text and is_digits(text):
        return _digits_then_words(ground, index)
    if not text:
        return None
    turned = _turned(ground, index)
    if turned is not None:
        return turned
    if "number" in ground.found[index] or "scale" in ground.found[index]:
        return _words(ground, index, [], index, digits=False)
    return None


def _turned(ground: Ground, index: int) -> Number | None:
    """«сотни полторы», «тысячи две»: the scale said first makes the number a rough one."""
    after = ground.role(index, "turned")
    if after is not None and after < len(ground.toks) and (thousands := _thousands(ground, index, after)) is not None:
        return thousands
    hit = ground.found[after].get("number") if after is not None and after < len(ground.toks) else None
    if after is None or hit is None or (not 1 < hit[1].value < 10 and not hit[1].pieces):
        return None
    scales = [ground.found[index][role][1] for role in ("scale", "number") if role in ground.found[index]]
    return Number(scales[0].value * hit[1].value, index, hit[0], False, approx=True, word=True) if scales else None


def _thousands(ground: Ground, index: int, after: int) -> Number | None:
    """«тысяч 40»: a rough number of thousands, in digits."""
    scale = ground.found[index].get("scale")
    read = read_digits(ground, after) if is_digits(ground.text(after)) and ground.same_line(after) else None
    if scale is None or scale[1].value < 1000 or read is None or not 1 < read[0] < 1000:
        return None
    return Number(scale[1].value * read[0], index, read[1], False, approx=True, word=True)


def _digits_then_words(ground: Ground, index: int) -> Number | None:
    if names_something(ground, index):
        return None
    read = read_digits(ground, index)
    if read is None:
        return None
    value, after = read
    after, half = _half_after(ground, after)
    if not half and is_digits(ground.text(after)) and ground.text(after + 1) == "/" and value < _MOST_WITH_FRACTION:
        fraction = read_digits(ground, after)  # "2 1/2 hours"
        if fraction is not None and fraction[0] < 1:
            half, after = fraction
    return _words(ground, index, [value + half], after, digits=True)


def _half_after(ground: Ground, after: int) -> tuple[int, float]:
    end = ground.role(after, "half_after")
    return (after, 0.0) if end is None else (end, ground.found[after]["half_after"][1].value or 0.5)


def _words(ground: Ground, first: int, stack: list[float], after: int, *, digits: bool) -> Number | None:
    """Pile up words of number: a smaller one adds, a scale multiplies all smaller ones before it."""
    state = _Pile(stack, digits)
    for _ in range(_MOST_PIECES):
        step = state.take(ground, after)
        if step is None:
            break
        after = step
    if not state.stack:
        return None
    value = sum(state.stack) + _left_out(ground, state.stack, after)
    point = ground.role(after, "point")
    if point is not None and point < len(ground.toks) and (tail := _decimals(ground, point)) is not None:
        value, after = float(f"{value:.0f}.{tail[0]}"), tail[1]
        scale = ground.found[after].get("scale") if after < len(ground.toks) else None
        if scale is not None and scale[1].value >= 1000:
            value, after = value * scale[1].value, scale[0]
    return Number(value, first, after, digits, state.approx, state.scaled, not digits or state.scaled > 1)


def _left_out(ground: Ground, stack: list[float], after: int) -> float:
    """四万五 is 45,000: a last figure right behind a sign of scale is of the next smaller one, which is left out."""
    if len(stack) < 2 or not 0 < stack[-1] < 10 or ground.text(after - 1) < _OWN_SCRIPTS:
        return 0.0
    scale = ground.found[after - 2].get("scale")
    return stack[-1] * (scale[1].value / 10 - 1) if scale is not None and scale[1].value >= 100 else 0.0


def _decimals(ground: Ground, index: int) -> tuple[str, int] | None:
    if is_digits(ground.text(index)):
        return ground.text(index), index + 1
    if "number" not in ground.found[index]:
        return None
    after, figures = index, ""
    while (
        after < len(ground.toks)
        and (hit := ground.found[after].get("number"))
        and hit[1].value < 10
        and len(figures) < 6
    ):
        figures, after = figures + f"{hit[1].value:.0f}", hit[0]
    if figures:
        return figures, after
    number = read_number(ground, index)
    return (f"{number.value:.0f}", number.after) if number else None


@dataclass(slots=True)
class _Pile:
    stack: list[float]
    digits: bool
    approx: bool = False
    scaled: float = 1.0
    glued: bool = False  # inside a word written as one

    def take(self, ground: Ground, index: int) -> int | None:
        """Take the word of number at a token: the token after it, or None when the number ends before."""
        at, linked = index, False
        if self.stack:
            if not ground.same_line(index):
                return None
            end = ground.role(index, "number_and")
            if end is not None and end < len(ground.toks):
                at, linked = end, True
            elif ground.text(index) == "-" and ground.glued(index) and ground.glued(index + 1):
                at = index + 1
        hyphen = at != index and not linked
        if at >= len(ground.toks):
            return None
        if self._is_no_piece(ground, at):
            return None
        for role in ("number", "scale"):
            hit = ground.found[at].get(role)
            if hit is not None and self._accept(
                hit[1].pieces or ((hit[1].value, role == "scale", hit[1].linked),), linked, hyphen
            ):
                self.approx = self.approx or hit[1].approx
                return self._with_half(ground, hit[0])
        return self._digits_after_scale(ground, index)

    def _is_no_piece(self, ground: Ground, at: int) -> bool:
        """«к границе», «20 к границе»: a lone letter is a scale only beside digits; «٢٠ بالمئة» are per cent."""
        if self.stack and "unit" in ground.found[at] and ground.found[at]["unit"][1].unit == "percent":
            return True
        text = ground.text(at)
        if len(text) > 1 or "scale" not in ground.found[at] or text >= _OWN_SCRIPTS:
            return False
        after = ground.text(at + 1)
        goes_on = after.isalpha() and ground.same_line(at + 1) and "unit" not in ground.found[at + 1]
        return not self.digits or not is_digits(ground.text(at - 1)) or (goes_on and not ground.glued(at))

    def _with_half(self, ground: Ground, after: int) -> int:
        """«две с половиной тысячи»: the half belongs to what was said so far."""
        end, half = _half_after(ground, after)
        if half and self.stack and self.stack[-1] < 100:
            self.stack[-1] += half
            return end
        return after

    def _digits_after_scale(self, ground: Ground, index: int) -> int | None:
        """«3 тысячи 600»."""
        if self.scaled < 1000 or not self.stack or not is_digits(ground.text(index)) or ground.text(index)[0] == "0":
            return None
        read = read_digits(ground, index)
        if read is None or not 10 <= read[0] < self.stack[-1] or read[0] >= self.scaled or len(ground.text(index)) < 3:
            return None
        self.stack.append(read[0])
        self.scaled = 1.0
        return read[1]

    def _accept(self, pieces: tuple[tuple[float, bool, bool], ...], linked: bool, hyphen: bool) -> bool:
        kept = list(self.stack), self.scaled
        self.glued = len(pieces) > 1
        for value, scale, link in pieces:
            taken = self._scale(value, linked or link, hyphen) if scale else self._add(value, linked or link, hyphen)
            if not taken:
                self.stack, self.scaled = kept
                return False
            linked = hyphen = False
        return True

    def _scale(self, scale: float, linked: bool, hyphen: bool) -> bool:
        if self.digits and len(self.stack) == 1 and self.scaled == 1.0 and scale < 10:
            return False
        smaller = 0.0
        if self.digits and len(self.stack) == 1 and self.scaled == 1.0 and scale >= 1000:
            smaller = self.stack.pop()  # 3000K
        while self.stack and self.stack[-1] < scale:
            smaller += self.stack.pop()
        if self.stack and not smaller and scale >= _magnitude(self.stack[-1]):
            return False
        self.stack.append((smaller or 1.0) * scale)
        self.scaled = scale if smaller or not self.stack[:-1] else 1.0
        return True

    def _add(self, value: float, linked: bool, hyphen: bool) -> bool:
        if not self.stack:
            self.stack.append(value)
            return True
        last = self.stack[-1]
        if self.digits and self.scaled < 100:
            return False
        if value != int(value):
            if value == 0.5 and last < 1000 and last == int(last) and self.glued:
                self.stack[-1] += value
                return True
            return False
        teen = value < 20 and last in (60.0, 80.0)
        reverse = linked and last < 10 and 20 <= value < 100 and value % 10 == 0
        vigesimal = linked and value < 20 and last in (20.0, 40.0, 60.0, 80.0)
        if not (0 < value < _magnitude(last) or teen or reverse or vigesimal):
            return False
        self.stack.append(value)
        self.scaled = 1.0
        if reverse:
            self.stack[-2:] = [last + value]
        return True


def _magnitude(value: float) -> float:
    """The largest power of ten that divides a number: 300 → 100, 14 → 1.

    >>> _magnitude(300.0), _magnitude(14.0)
    (100.0, 1.0)
    """
    power = 1.0
    while value >= 10 and value % (power * 10) == 0 and power < value:
        power *= 10
    return power
