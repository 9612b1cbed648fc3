"""What a post can be found by: its words, the things they stand for in any language, and the places it names.

Inflection is met by beginnings: of a word searched for, the last letters may differ. Meaning across languages is that
of the language files: «очередь», "queue" and «jono» stand for one concept, and so find one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from verst.reading.lexicon import Mark
from verst.reading.places import PlaceHit
from verst.reading.text import Token

# Things people search for; the rest of the vocabulary is grammar.
SUBJECTS = frozenset(
    "queue border let refuse closed paused free svc_seat svc_bicycle svc_transfer svc_queue_place svc_insurance "
    "svc_ticket svc_lodging svc_bribe ev_draft_point ev_armour ev_fight ev_robbery ev_accident ev_shift "
    "ev_weather ev_it_down ev_strike ev_bribe ev_aid s_fuel s_water s_food s_toilet s_sim s_atm s_charge "
    "s_warmth s_medical s_lodging r_documents r_child r_pets r_vehicle r_customs r_entry_stay r_entry_refusal "
    "r_exit_military m_car m_truck m_bus m_motorcycle m_bicycle m_foot m_train m_air".split()
)
_BY_NAME = "month"  # each is looked for by its own name
_LONG, _MIDDLING = 6, 4  # letters of words whose last two, and whose last one, may differ
_TELLING = 7  # letters from which the beginning of a word that stands for a subject is looked for beside the subject


def findable(toks: Iterable[Token], marks: Iterable[Mark], places: Iterable[PlaceHit]) -> str:
    """The words a post is found by, with spaces between.

    >>> findable([Token("очередь", 0, 7)], [Mark("queue", 0, 0, "ru")], [])
    'очередь c_queue'
    """
    words = {at: token.text for at, token in enumerate(toks) if token.text[0].isalnum()}
    said = words.values()
    meant = [f"c_{mark.concept}" for mark in marks if mark.concept in SUBJECTS and mark.first in words]
    named = [_place(hit.ids[0]) for hit in places if hit.ids]
    return " ".join(dict.fromkeys((*said, *meant, *named)))


def terms(toks: Sequence[Token], marks: Sequence[Mark], places: Sequence[PlaceHit]) -> list[list[str]]:
    """What to look for: a list for each thing searched for, any of which will do; ``*`` after a beginning.

    A word that stands for a subject is looked for as that subject too, a place by whatever name.

    >>> terms([Token("очереди", 0, 7)], [Mark("queue", 0, 0, "ru")], [])
    [['c_queue', 'очере*']]
    """
    groups: list[list[str]] = []
    taken: set[int] = set()
    for hit in places:
        if hit.ids and hit.what != "town":
            groups.append([_place(hit.ids[0])])
            taken.update(range(hit.first_token, hit.last_token + 1))
    for at, token in enumerate(toks):
        if at in taken or not token.text[0].isalnum():
            continue
        over = [mark for mark in marks if mark.first <= at <= mark.last and mark.concept != _BY_NAME]
        meant = sorted({f"c_{mark.concept}" for mark in over if mark.concept in SUBJECTS})
        if meant or not over:
            groups.append([*meant, token.text if meant and len(token.text) < _TELLING else beginning(token.text)])
    return groups


def beginning(word: str) -> str:
    """A word without the letters that endings change.

    >>> [beginning(word) for word in ("границе", "вода", "км", "24")]
    ['грани*', 'вод*', 'км', '24']
    """
    if word.isdigit() or len(word) < _MIDDLING:
        return word
    return word[: -2 if len(word) >= _LONG else -1] + "*"


def _place(id_: str) -> str:
    return "p_" + id_.replace("-", "_").casefold()
