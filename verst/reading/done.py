"""What took so long, and is no time to come: "through in forty min", «через 7ч добрался», "two cars in an hour"."""

from __future__ import annotations

from verst.reading.ground import Ground

_FAR = 8
_REACH = 3  # words between the duration and the word of getting across
_ENDS = {".", "!", "?", ";", ","}
_COUNTED = {"vehicle", "person", "percent"}


def is_done(ground: Ground, index: int, end: int) -> bool:
    """Whether «in two hours», at tokens ``index`` up to ``end``, says how long something took."""
    return (
        is_taken(ground, index, end)
        or _told_before(ground, index)
        or _counts(ground, index - 1)
        or any(_counts(ground, at) for at in range(end + 1, end + 3) if ground.same_line(at))
    )


def _told_before(ground: Ground, index: int) -> bool:
    """«عبرنا من كراكوفيتس إلى بولندا مشيا بعد 22 ساعة»: a word of getting across further back in the clause."""
    for at in range(index - 1, max(-1, index - _FAR - 1), -1):
        if ground.text(at) in _ENDS or not ground.same_line(at + 1):
            return False
        if _says_done(ground, at):
            return True
    return False


def is_taken(ground: Ground, index: int, end: int) -> bool:
    """Whether a word of getting across stands close to a duration: «kahdessa tunnissa läpi» is no two an hour."""
    return any(_says_done(ground, at) for at in _around(ground, index, end))


def is_let(ground: Ground, index: int) -> bool:
    """Whether a word of letting stands close before a number: "they let through 40 an hour"."""
    return any(
        "let" in ground.found[at] and not _says_done(ground, at) for at in _around(ground, index, index) if at < index
    )


def _around(ground: Ground, index: int, end: int) -> list[int]:
    """Tokens of the same clause close before and after."""
    near = []
    for at in range(index - 1, max(-1, index - _REACH - 1), -1):
        if ground.text(at) in _ENDS or not ground.same_line(at + 1):
            break
        near.append(at)
    for at in range(end, min(len(ground.toks), end + _REACH)):
        if ground.text(at) in _ENDS or not ground.same_line(at):
            break
        near.append(at)
    return near


def _says_done(ground: Ground, at: int) -> bool:
    return "done" in ground.found[at]


def _counts(ground: Ground, at: int) -> bool:
    """A counted noun right before, or with its number right after."""
    hit = ground.found[at].get("unit") if 0 < at < len(ground.toks) else None
    number = ground.text(at - 1).isdigit() or (hit is not None and "number" in ground.found[at - 1])
    return hit is not None and hit[1].unit in _COUNTED and (number or hit[1].unit == "percent")
