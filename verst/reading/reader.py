"""Reading, step by step: lay the post out, find what it offers and asks, then what it claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from verst.geography import load_regions
from verst.model import Claim, Mode, Post, Reading, Region, Saying
from verst.reading import durations, prices, states, tags
from verst.reading.absent import with_absences
from verst.reading.amounts import Amount, Amounts
from verst.reading.asking import mark_questions, question
from verst.reading.changes import changes
from verst.reading.claims import complete
from verst.reading.compared import compared
from verst.reading.concepts import CONCEPTS, PERMITTING, SWALLOWED
from verst.reading.counts import tallies
from verst.reading.denying import denied, denied_before
from verst.reading.draft import Draft
from verst.reading.findable import findable, terms
from verst.reading.going_on import read_on
from verst.reading.language import Languages
from verst.reading.latin import is_latin_russian, to_cyrillic
from verst.reading.lengths import lengths
from verst.reading.lexicon import Lexicon, Mark, Marks
from verst.reading.manner import SUPPOSING
from verst.reading.offers import is_ad, may_sell
from verst.reading.overruled import without_overruled
from verst.reading.places import Gazetteer, PlaceHit
from verst.reading.sayings import Sayings
from verst.reading.scene import Scene, split_sentences
from verst.reading.since import standing_clocks
from verst.reading.tables import tabled
from verst.reading.text import Token, fold, tokens
from verst.reading.times import Times
from verst.reading.where import Atlas
from verst.shelves import data_shelf

_NOTHING = Reading()
_Spanned = TypeVar("_Spanned", Claim, Saying)
_ROUND = {10.0, 100.0, 1000.0, 10_000.0, 100_000.0}
_TAGGED = frozenset(concept for concept in CONCEPTS if concept.startswith(("r_", "s_", "ev_")))
_MOST_TITLES = 10_000
_LIMIT = 6_000  # letters of one post that are read; a longer one is read up to there


class Reader:
    """Reads posts. Built once from the shelves; `read` is pure."""

    def __init__(self, languages: Mapping[str, Mapping[str, Any]], regions: Iterable[Region]) -> None:
        listed = tuple(regions)
        self.lexicon = Lexicon.from_languages(languages)
        self.places = Gazetteer.from_regions(listed, languages)
        self.amounts = Amounts.from_languages(languages)
        self.times = Times.from_languages(languages)
        self.atlas = Atlas.from_regions(listed)
        self.languages = Languages(languages)
        self.sayings = Sayings.from_languages(languages)
        self._titles: dict[str, tuple[list[PlaceHit], Mode | None, bool]] = {}

    @classmethod
    def load(cls, regions: Iterable[Path | str] = ()) -> Reader:
        """A reader with every language and region of the shelves, and the regions of the files given.

        Raises BadShelf for a file that says something wrong or twice, BadFile for one that cannot be read.
        """
        files = tuple(regions)
        return cls(data_shelf("languages"), load_regions(data_shelf("regions", files)) if files else load_regions())

    def read(self, post: Post) -> Reading:
        """What a post claims, asks and offers. Nothing outside the post and the shelves plays a part."""
        return read_on(self._read_alone, self._supposes, post) if post.before else self._read_alone(post)

    def _read_alone(self, post: Post) -> Reading:
        if post.given:
            return Reading(claims=post.given)
        if not post.text.strip():
            return _NOTHING
        text, places = post.text[:_LIMIT], None
        if is_latin_russian(post.lang):
            text, places = to_cyrillic(text)
        scene = self.lay_out(post, text)
        if scene is None:
            return Reading(lang=post.lang)
        read = self._read_scene(scene)
        return _put_back(read, places) if places is not None else read

    def findable(self, post: Post) -> str:
        """The words a post is found by, see `verst.reading.findable`."""
        return findable(*self._named(post.text[:_LIMIT], post.lang))

    def terms(self, wanted: str) -> list[list[str]]:
        """What to look for where somebody searches for these words."""
        return terms(*self._named(wanted[:_LIMIT], None))

    def _named(self, text: str, lang: str | None) -> tuple[list[Token], list[Mark], list[PlaceHit]]:
        """The tokens of a text, what they stand for and the places they name."""
        if is_latin_russian(lang):
            text = to_cyrillic(text)[0]
        folded = fold(text)
        toks = tokens(folded)
        marks = self.lexicon.find(toks, self.languages.active(self.languages.of_text(text, lang)))
        return toks, marks, self.places.find(toks, folded, text)

    def language(self, text: str) -> str:
        """The code of the language a text is in, of those on the shelf."""
        return self.languages.of_text(text[:_LIMIT], None)

    def beside(self, code: str) -> frozenset[str]:
        """That language and those people mix into it."""
        return self.languages.active(code)

    def _supposes(self, post: Post) -> bool:
        scene = self.lay_out(post, post.text[:_LIMIT], answered=True)
        return scene is not None and scene.has(SUPPOSING)

    def lay_out(self, post: Post, text: str, *, answered: bool = False) -> Scene | None:
        """The scene of a post; None when nothing in it could matter."""
        folded = fold(text)
        toks = tokens(folded)
        if not toks:
            return None
        code = self.languages.of_text(text, post.lang)
        marks = Marks(_longest(with_absences(self.lexicon.find(toks, self.languages.active(code)))))
        places = self.places.find(toks, folded, text)
        marks = _without_names(marks, places)
        if not answered and not may_sell(marks) and not self._is_placed(post, places):
            return None
        offset = self._offset(post, places)
        amounts, times = self.find_figures(toks, folded, post, code, offset)
        amounts = [a for a in amounts if _is_figure(a, marks) and not _is_in_a_name(a, places)]
        times, amounts = standing_clocks(toks, folded, marks, times, amounts)
        if not marks.by and not amounts and not answered:
            return None
        shortened = frozenset(mark.last for mark in marks.by.get("abbreviations", ()))
        months = frozenset(mark.first for mark in marks.by.get("month", ()))
        sentences = split_sentences(toks, folded, text, shortened, months)
        scene = Scene(post, folded, toks, marks, amounts, times, places, sentences, offset_minutes=offset)
        if not answered:
            scene.title, scene.title_mode, scene.title_official = self._title(post.chat.title)
        if post.reply_to is not None and post.reply_to.text and not answered:
            words = post.reply_to.text[:_LIMIT]
            if is_latin_russian(post.lang) and words.isascii():
                words = to_cyrillic(words)[0]
            scene.reply = self.lay_out(post, words, answered=True)
        return scene

    def _is_placed(self, post: Post, places: list[PlaceHit]) -> bool:
        """Whether a post, its chat or what it answers may name a place: without one nothing is claimed or asked."""
        answers = post.reply_to is not None and bool(post.reply_to.text)
        return bool(places) or post.chat.about is not None or answers or bool(self._title(post.chat.title)[0])

    def _title(self, title: str) -> tuple[list[PlaceHit], Mode | None, bool]:
        """Countries and borders that the name of a chat names, and the means its people travel by."""
        known = self._titles.get(title)
        if known is not None:
            return known
        folded = fold(title)
        toks = tokens(folded)
        places = [hit for hit in self.places.find(toks, folded, title) if hit.what in ("country", "border")]
        spoken = {mark.concept for mark in self.lexicon.find(toks)}
        mode: Mode | None = "truck" if "m_truck" in spoken else None
        found = (places, mode, "authority" in spoken)
        if len(self._titles) < _MOST_TITLES:
            self._titles[title] = found
        return found

    def _offset(self, post: Post, places: list[PlaceHit]) -> int:
        """Minutes ahead of UTC of the clock a post speaks by: its own, else that of the crossing it names."""
        if post.offset_minutes:
            return post.offset_minutes
        named = next((hit.ids[0] for hit in places if hit.what == "crossing"), post.chat.about)
        return self.atlas.offset(named, post.posted_at) if named else 0

    def find_figures(self, toks: list[Token], folded: str, post: Post, code: str, offset: int) -> Any:
        """Amounts and times of a text, no word counted as both."""
        amounts, times = self.times.find_both(toks, folded, post.posted_at, offset, code)
        amounts = [a for a in amounts if len(a.figures) > 1 or not a.figures.isalpha()]
        return amounts, times

    def _read_scene(self, scene: Scene) -> Reading:
        mark_questions(scene)
        scene.ad = is_ad(scene, scene.post.text[:_LIMIT])
        if not (scene.places or scene.title or scene.post.chat.about or (scene.reply and scene.reply.places)):
            return Reading(ad=scene.ad, lang=scene.post.lang)
        drafts: list[Draft] = []
        if not scene.ad:
            drafts += durations.waits(scene) + lengths(scene) + tallies(scene) + changes(scene)
            drafts += states.states(scene)
        if scene.amounts:
            drafts += prices.prices(scene, self._home(scene))
        drafts += tags.events(scene) + tags.services(scene) + tags.rules(scene)
        drafts += tags.bribes(scene, drafts)
        table = tabled(scene)
        drafts = [draft for draft in drafts if not table or draft.kind not in ("queue_count", "queue_length")] + table
        drafts += compared(scene, drafts)
        claims = complete(scene, self.atlas, without_overruled(scene, drafts))
        asked = question(scene, self.atlas, answered=bool(claims) and scene.reply is not None)
        denials = complete(scene, self.atlas, denied(scene))
        if scene.reply is not None:
            before = complete(scene.reply, self.atlas, denied_before(scene))
            denials += [replace(claim, span=None) for claim in before]  # the words stand in the post answered
        told = self.sayings.find(scene, self.atlas)
        return Reading(claims=tuple(claims), denials=tuple(denials), question=asked, ad=scene.ad, lang=scene.post.lang,
                       sayings=told)  # fmt: skip

    def _home(self, scene: Scene) -> str | None:
        """The country whose money a bare figure is in: the first side of the crossing spoken of."""
        about = next((h.ids[0] for h in scene.places if h.what == "crossing"), scene.post.chat.about)
        sides = self.atlas.sides(about) if about else ()
        return sides[0] if sides else None


def _is_figure(amount: Amount, marks: Marks) -> bool:
    """Whether an amount is a figure, and no «на 27-м километре» and no «сотни людей»."""
    if marks.has("milestone", amount.first_token, amount.last_token + 3):
        return False
    near = marks.within("vague_number", amount.first_token - 1, amount.last_token)
    if not near:
        return True
    vague = amount.bound not in ("min", "max") and any(mark.first <= amount.first_token for mark in near)
    # «больше тысячи» is a figure, and so is «عشرة آلاف»
    return not (vague and amount.value in _ROUND and not any(letter.isdigit() for letter in amount.figures))


def _is_in_a_name(amount: Amount, places: list[PlaceHit]) -> bool:
    """«Мамоново-2»: the figure is a part of a crossing's name."""
    return any(hit.first_token < amount.first_token and amount.last_token <= hit.last_token for hit in places)


def _longest(found: list[Mark]) -> list[Mark]:
    """Drop words of doing and being that lie strictly inside a longer form: «стоит колом» is no «стоит»."""
    wide = [mark for mark in found if mark.last > mark.first]
    if not wide:
        return found
    within = {at for w in wide for at in range(w.first, w.last + 1)}
    return [
        mark
        for mark in found
        if mark.concept not in SWALLOWED
        or mark.first not in within
        or not any(
            w.first <= mark.first
            and mark.last <= w.last
            and w.last - w.first > mark.last - mark.first
            # «пускают ли» asks, and of letting through; «пускают по паспорту» lets through, on what is enough
            and (w.concept not in ("q_how", "r_enough") or mark.concept not in PERMITTING)
            for w in wide
        )
    ]


def _without_names(marks: Marks, places: list[PlaceHit]) -> Marks:
    """Drop rules, services and events whose word is of a crossing's name: «Малий Березний» is no child."""
    if _TAGGED.isdisjoint(marks.concepts):
        return marks
    named = [hit for hit in places if hit.what == "crossing"]
    if not named:
        return marks
    return Marks(
        mark
        for concept, found in marks.by.items()
        for mark in found
        if concept not in _TAGGED
        or not any(hit.first_token <= mark.first and mark.last <= hit.last_token for hit in named)
    )


def _put_back(read: Reading, places: list[int]) -> Reading:
    """Spans of the Cyrillic text as spans of the original."""

    def moved(item: _Spanned) -> _Spanned:
        if item.span is None:
            return item
        return replace(item, span=(places[item.span[0]], places[item.span[1]]))

    claims, denials = tuple(map(moved, read.claims)), tuple(map(moved, read.denials))
    return replace(read, claims=claims, denials=denials, sayings=tuple(map(moved, read.sayings)))
