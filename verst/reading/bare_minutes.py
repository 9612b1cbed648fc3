"""Minutes said without their unit behind hours: «2ч20», "1h15", «час двадцать»."""

from __future__ import annotations

from verst.reading.ground import Ground
from verst.reading.numbers import Number

_SHORT = 3  # letters of «ч», «год», "hrs"


def are_minutes(ground: Ground, number: Number, at: int) -> bool:
    """«2ч20», «2 год 50», "1 hour thirty", «час двадцать и чай пить»: minutes without their unit, counting nothing."""
    after = number.after
    if not number.digits and number.value % 5 == 0 and after < len(ground.toks):
        return not ground.found[after].keys() & {"unit", "let", "scale", "skip"} and ground.text(after) not in "-:%/"
    two = number.digits and len(ground.text(at)) == 2 and not _is_unit(ground, after)
    if two and (ground.glued(at) or ground.text(at - 1) == "h"):
        return True  # "1h15 for both sides", "1 h 40 montre en main"
    text = ground.text(after)
    ended = not text or (not text[0].isalnum() and text not in ("-", ":", "%", "/")) or not ground.same_line(after)
    short = len(ground.text(at)) == 2 and (len(ground.text(at - 1)) <= _SHORT or "bare" in ground.found[at - 1])
    return ended and (ground.glued(at) or after == len(ground.toks) or not number.digits or short)


def _is_unit(ground: Ground, at: int) -> bool:
    return at < len(ground.toks) and ("unit" in ground.found[at] or ground.text(at) in ("-", ":", "%", "/"))
