"""What a post says that is no claim: totals of people, things announced, queues without a figure, older pictures.

Such sayings spread, and the ledger of rumours holds them against evidence; no estimate ever rests on one. Their words
stand in the table [sayings] of a language file and are looked up apart from [words], so that no claim depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from verst.errors import BadShelf
from verst.model import Saying
from verst.reading.announced import announced
from verst.reading.lexicon import Lexicon, Marks, split_forms
from verst.reading.manner import stance
from verst.reading.scene import Scene
from verst.reading.totals import LEAST, totals
from verst.reading.unfigured import pictures, queues, stood_in
from verst.reading.where import Atlas

MOST = 12  # sayings of one post: who writes more of them writes to fill the ledger
WORDS: dict[str, str] = {
    "went": "entered, left, arrived, fled: of many people, also as a noun (those who left)",
    "out": "left, fled: of those who went, away from where the sentence is about",
    "already": "already, now: of so many people in a country that the sentence names",
    "shuts": "will close, will not let out: with a day to come it announces",
    "shutting": "the closing, to close: with a denial it speaks against what was announced",
    "at_exit": "who leaves is not let out, exit, exit visa",
    "at_entry": "who comes is not let in, entry",
    "men": "men, conscripts, those of call-up age",
    "tourists": "tourists",
    "day_ending": "ending of a day of the month: 28th",
    "undecided": "no decision, not confirmed, no plans: speaks against what was announced",
    "queue_none": "no queues at all",
    "queue_some": "there are queues, of no said length",
    "in_it": "in answer to somebody: I stand in it, I see it",
    "period": "a month, a year, a season: of a total over a time that is not reckoned",
    "older": "an old picture, filmed earlier, an archive video",
}
ALONE = ("queue_none", "queue_some", "older")  # that say something without a figure, a day or a post answered


@dataclass(frozen=True, slots=True)
class Sayings:
    """Finds sayings. Built once from the language files; `find` is pure."""

    lexicon: Lexicon

    @classmethod
    def from_languages(cls, languages: Mapping[str, Mapping[str, Any]]) -> Sayings:
        """Take [sayings] of every language. Raises BadShelf for an unknown name or an unusable form."""
        lexicon = Lexicon()
        for code, shelf in languages.items():
            for name, value in shelf.get("sayings", {}).items():
                if name not in WORDS:
                    raise BadShelf(f"languages/{code}.toml", f"[sayings] {name} is unknown", "see reading/sayings.py")
                try:
                    forms = split_forms(value)
                except TypeError as error:
                    raise BadShelf(f"languages/{code}.toml", f"[sayings] {name} is {error}", "mend it") from error
                for form in forms:
                    lexicon.add(form, name, code)
        return cls(lexicon)

    def find(self, scene: Scene, atlas: Atlas) -> tuple[Saying, ...]:
        """Everything of the sort that a post says, each once."""
        if scene.ad:
            return ()
        marks = Marks(self.lexicon.find(scene.toks))
        before, telling = scene.reply, may_tell(scene, marks)
        if before is None and not telling and marks.concepts.isdisjoint(ALONE):
            return ()
        found = [*totals(scene, marks, atlas), *announced(scene, marks, atlas)] if telling else []
        if before is not None and ("in_it" in marks or scene.has("denial", scene.sentences[0])):
            asked = Marks(self.lexicon.find(before.toks))
            found += stood_in(scene, marks, asked, atlas)
            if not found:
                found += denied_before(scene, [*totals(before, asked, atlas), *announced(before, asked, atlas)])
        found += [*queues(scene, marks, atlas), *pictures(scene, marks, atlas)]
        said = {replace(each, span=None): each for each in reversed(found)}  # of the same said twice, the first
        return tuple([each for each in found if said[replace(each, span=None)] is each][:MOST])


def may_tell(scene: Scene, marks: Marks) -> bool:
    """Whether a post may hold a total or an announcement at all: most hold neither, and are not looked at closer."""
    return "shuts" in marks or "shutting" in marks or any(a.value > LEAST for a in scene.amounts)


def denied_before(scene: Scene, sayings: list[Saying]) -> list[Saying]:
    """What the answered post says, where the answer opens with a denial: «враньё»."""
    if not scene.has("denial", scene.sentences[0]):
        return []
    told = stance(scene, scene.sentences[0].first)
    return [replace(each, denies=True, span=None, stance=told) for each in sayings if not each.denies]
