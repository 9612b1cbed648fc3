"""What the tables [numbers], [units] and [times] of the language files say, as forms to look for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from verst.reading.forms import Entry, Forms, Tongue
from verst.reading.text import fold

# Tables of [numbers] whose keys are values, and the role and exactness of their forms.
_VALUES = {
    "words": ("number", False),
    "scales": ("scale", False),
    "about": ("number", True),
    "about_scales": ("scale", True),
    "ordinals": ("ordinal", False),
    "half_after": ("half_after", False),
}
# Lists of [numbers] and [units]: the role is the name.
_LISTS = (
    "number_and point range_from range_to range_or between between_and min_before min_after max_before max_after "
    "about_before about_after vague how_many skip ending nth nth_before minus filler turned plain"
).split()
_UNIT_LISTS = (
    "per_hour per_day hour_before day_before within let every times_per not_unit duration_of group pieces gap "
    "percent_before unit_first count_of"
).split()
_UNIT_VALUES = ("minute", "km")
_UNIT_DETAILS = ("vehicle", "money")
_UNIT_PLAIN = ("person", "percent", "age", "other")


def forms_from(languages: Mapping[str, Mapping[str, Any]]) -> Forms:
    """Every form of numbers, units and times of all languages."""
    forms = Forms()
    for code, shelf in languages.items():
        numbers = shelf.get("numbers", {})
        forms.tongues[code] = Tongue(
            code,
            frozenset(numbers.get("kin", ())),
            frozenset(fold(numbers.get("letters", ""))),
            tuple((fold(text), bool(linked)) for text, linked in numbers.get("strip", ())),
        )
        _learn_numbers(forms, code, numbers)
        _learn_units(forms, code, shelf.get("units", {}))
        _learn_times(forms, code, shelf.get("times", {}))
    return forms


def _learn_numbers(forms: Forms, code: str, table: Mapping[str, Any]) -> None:
    for name, (role, approx) in _VALUES.items():
        for value, phrases in table.get(name, {}).items():
            forms.add(phrases, Entry(role, code, value=float(value), approx=approx))
    for role in _LISTS:
        forms.add(table.get(role, ""), Entry(role, code))
    if table.get("compound"):
        forms.learn_compounds(code, _parts(table), [fold(link) for link in table.get("links", ())])


def _parts(table: Mapping[str, Any]) -> dict[str, tuple[float, bool]]:
    parts: dict[str, tuple[float, bool]] = {}
    for name, scale in (("words", False), ("scales", True), ("parts", False), ("part_scales", True)):
        for value, phrases in table.get(name, {}).items():
            for phrase in phrases.split():
                stem = fold(phrase).rstrip("*")
                if "_" not in stem and len(stem) > 1:
                    parts[stem] = (float(value), scale)
    return parts


def _learn_units(forms: Forms, code: str, table: Mapping[str, Any]) -> None:
    for unit in _UNIT_VALUES:
        for factor, phrases in table.get(unit, {}).items():
            _add_unit(forms, phrases, Entry("unit", code, value=float(factor), unit=unit, detail=""))
    for unit in _UNIT_DETAILS:
        for key, phrases in table.get(unit, {}).items():
            detail, _, factor = key.partition("_")  # RUB_1000: a form that says a thousand roubles
            _add_unit(forms, phrases, Entry("unit", code, value=float(factor or 1), unit=unit, detail=detail))
    for unit in _UNIT_PLAIN:
        _add_unit(forms, table.get(unit, ""), Entry("unit", code, value=1.0, unit=unit))
    for value, phrases in table.get("whole", {}).items():
        forms.add(phrases, Entry("whole", code, value=float(value), unit="minute"))
    for role in ("bare", "bare_hedged", "inverted", "inverted_on", "short", "minute_or_metre"):
        forms.add(table.get(role, ""), Entry(role, code))
    for role in _UNIT_LISTS:
        forms.add(table.get(role, ""), Entry(role, code))


def _add_unit(forms: Forms, phrases: str | Iterable[str], entry: Entry) -> None:
    forms.add(phrases, entry)


_TIME_VALUES = ("day", "part", "weekday", "month")
_TIME_LISTS = (
    "at since until since_after since_form oclock_since clock_h ago_after ago_before in_future oclock this_part "
    "am pm of_month last next noon midnight now_at clock_before clock_after part_of bare_hour oclock_at "
    "clock_word nth_day of_day done no_hour"
).split()


def _learn_times(forms: Forms, code: str, table: Mapping[str, Any]) -> None:
    for name in _TIME_VALUES:
        for value, phrases in table.get(name, {}).items():
            forms.add(phrases, Entry(name, code, value=float(value)))
    for value, phrases in table.get("ago", {}).items():  # «позавчера» aside: words that hold a whole duration
        forms.add(phrases, Entry("ago_whole", code, value=float(value)))
    for value, phrases in table.get("hours", {}).items():  # hours said by ordinals: «о десятій»
        forms.add(phrases, Entry("hour_word", code, value=float(value)))
    for role in _TIME_LISTS:
        forms.add(table.get(role, ""), Entry(role, code))
