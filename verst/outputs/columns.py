"""The columns of an exported estimate, in order, with their HXL tags and what they say."""

from __future__ import annotations

COLUMNS: dict[str, tuple[str, str]] = {
    "at": ("#date+at", "the hour the estimate is for, UTC"),
    "crossing": ("#loc+code", "id of the crossing, or of a border as a whole (RU-GE)"),
    "crossing_name": ("#loc+name", "its name in English"),
    "border": ("#adm1+code", "the two countries, ISO 3166"),
    "toward": ("#country+code+dest", "the country entered; empty: not said"),
    "side": ("#country+code+side", "the side on which a queue or wait stands; empty: both or not said"),
    "mode": ("#affected+mode", "means of travel; any: not said"),
    "kind": ("#indicator+name", "what is estimated: wait, queue_length, passage …"),
    "unit": ("#indicator+unit", "unit of an amount"),
    "tag": ("#indicator+tag", "of an event, a service or a rule people speak of"),
    "service": ("#item+type", "of a price"),
    "currency": ("#currency+code", "of a price, ISO 4217"),
    "value": ("#indicator+value", "the median, or the likeliest state; empty: nobody said anything lately"),
    "p10": ("#indicator+value+p10", "one in ten chances that it is less"),
    "p90": ("#indicator+value+p90", "one in ten chances that it is more"),
    "odds": ("#indicator+odds", "of a state: option=probability, the likeliest first"),
    "voices": ("#indicator+n", "independent people or offices it rests on; copies count once"),
    "newest": ("#date+newest", "when the newest of them spoke, UTC"),
    "age_minutes": ("#indicator+age", "minutes from then to the hour"),
    "silent": ("#status+silent", "true: nobody said anything lately, so value, range and odds are empty"),
    "disputed": ("#status+disputed", "true: reports contradict each other"),
    "derived": ("#status+derived", "true: worked out from other figures, said by nobody"),
}
