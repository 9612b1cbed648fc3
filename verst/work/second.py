"""A second reader, off unless its address is set: any server that speaks the chat completions of OpenAI's API.

It is asked only where the rules doubt their own reading (`verst.reading.doubt`), after the door, within a budget, and
what it answers is held to the text (`verst.work.second_answer`). Its claims carry a rule name of their own and count
with the trust that was measured for it (``python -m bench.second``). Whatever fails, the rules' reading stands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from verst.errors import BadSetting
from verst.model import Claim, Kind, Post, Reading, Region, Skipped
from verst.reading.doubt import doubts
from verst.reading.reader import Reader
from verst.work.caution import ReadsPosts, Said
from verst.work.second_answer import Bounds, read_answer

if TYPE_CHECKING:
    import httpx

MOST_FAILURES = 3  # in a row; then it is not asked again in this run
LONGEST_TEXT = 4_000
LONGEST_ANSWER = 1 << 16
ASKED = """You read one public post and say what it claims about border crossings. Answer with JSON only:
{{"claims": [{{"kind", "quote", "crossing", "toward", "mode", "value", "low", "high", "bound", "stance", "tag",
"service", "currency"}}]}}; an empty list when nothing is claimed.
quote: the words of the post that say it, copied letter by letter. crossing: one of {crossings}.
toward: ISO code of the country entered, or null. mode: car truck bus motorcycle bicycle foot train air any.
Amounts: value in the unit of the kind; for a range low and high. bound: exact approx min max.
stance: saw (the writer is there), official (an authority says it), heard (hearsay or press).
Questions, forecasts, fears, wishes, jokes, conditions and denials claim nothing. Never give a figure that is not there.
Kinds: {kinds}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSettings:
    """Where the second reader is and how far it is trusted. ``trust``: the share of its claims that are right, 0..1."""

    url: str
    model: str
    key: str | None = None
    posts: int = 1_000  # asked at most in one run
    trust: float = 0.5
    seconds: float = 30.0


def second_settings(said: Mapping[str, str] | None = None) -> SecondSettings | None:
    """The settings from the environment; None when no address is set. Raises BadSetting."""
    said = os.environ if said is None else said
    url = said.get("VERST_SECOND_URL", "").rstrip("/")
    if not url:
        return None
    if not url.startswith(("http://", "https://")) or not said.get("VERST_SECOND_MODEL"):
        do = "set VERST_SECOND_URL to such as http://127.0.0.1:11434/v1 and VERST_SECOND_MODEL to a model's name"
        raise BadSetting(f"the second reader has no usable address or model; {do}")
    try:
        posts, trust = int(said.get("VERST_SECOND_POSTS", "1000")), float(said.get("VERST_SECOND_TRUST", "0.5"))
    except ValueError:
        posts, trust = -1, -1.0
    if posts < 0 or not 0.0 < trust <= 1.0:
        raise BadSetting("VERST_SECOND_POSTS is a whole number of posts, VERST_SECOND_TRUST a share above 0 up to 1")
    key = said.get("VERST_SECOND_KEY") or None
    return SecondSettings(url=url, model=said["VERST_SECOND_MODEL"], key=key, posts=posts, trust=trust)


class SecondReader:
    """The rules first; where they doubt, one question to a model. Not pure: what it read is kept as it was read."""

    def __init__(
        self,
        rules: Reader,
        settings: SecondSettings,
        kinds: Sequence[Kind],
        regions: Sequence[Region],
        on_skip: Said,
        client: httpx.Client | None = None,
    ) -> None:
        self._rules, self._settings, self._on_skip = rules, settings, on_skip
        self._kinds = {kind.id: kind for kind in kinds}
        self._sides = {c.id: tuple(side.country for side in c.sides) for region in regions for c in region.crossings}
        self._client = client
        self._failures = 0
        self.asked = 0

    def read(self, post: Post) -> Reading:
        """The rules' reading, with what the second reader found beside it where the rules doubted."""
        reading = self._rules.read(post)
        if self._failures >= MOST_FAILURES or self.asked >= self._settings.posts:
            return reading
        if not doubts(self._rules, post, reading):
            return reading
        self.asked += 1
        if self.asked == self._settings.posts:
            self._tell(f"asked {self.asked} posts, which is its budget (VERST_SECOND_POSTS); the rules read on alone")
        return join(reading, self._ask(post))

    def findable(self, post: Post) -> str:
        """The words a post is found by, as the rules tell them."""
        return self._rules.findable(post)

    def _ask(self, post: Post) -> list[Claim]:
        """What it answers and passes; nothing when it fails, which is told."""
        import httpx

        allowed = self._bounds(post)
        try:
            text = self._complete(post, allowed)
            found = read_answer(text, post, allowed, f"second.{self._settings.model}", self._settings.trust)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, IndexError, TypeError) as error:
            self._failures += 1
            more = "; it is not asked again in this run" if self._failures >= MOST_FAILURES else ""
            self._tell(f"gave no answer that can be used ({type(error).__name__}); the rules' reading stands{more}")
            return []
        self._failures = 0
        return found

    def _complete(self, post: Post, allowed: Bounds) -> str:
        """One request. Raises httpx.HTTPError, or ValueError and its like for an answer of another shape."""
        import httpx

        if self._client is None:
            self._client = httpx.Client(timeout=self._settings.seconds, trust_env=False)
        head = {"Authorization": f"Bearer {self._settings.key}"} if self._settings.key else {}
        address = f"{self._settings.url}/chat/completions"
        answer = self._client.post(address, json=self._request(post, allowed), headers=head).raise_for_status()
        if len(answer.content) > LONGEST_ANSWER:
            raise ValueError("too long")
        return str(answer.json()["choices"][0]["message"]["content"])

    def _request(self, post: Post, allowed: Bounds) -> dict[str, Any]:
        kinds = "; ".join(_say_kind(kind) for kind in self._kinds.values())
        system = ASKED.format(crossings=", ".join(sorted(allowed.crossings)), kinds=kinds)
        about = f"Chat: {post.chat.title} ({post.chat.kind}). Posted {post.posted_at:%A %Y-%m-%d %H:%M} UTC."
        answers = f"\nIt answers: {post.reply_to.text[:1000]}" if post.reply_to and post.reply_to.text else ""
        said = [
            {"role": "system", "content": system},
            {"role": "user", "content": f"{about}{answers}\nPost: {post.text[:LONGEST_TEXT]}"},
        ]
        form = {"type": "json_object"}
        return {"model": self._settings.model, "messages": said, "temperature": 0, "response_format": form}

    def _bounds(self, post: Post) -> Bounds:
        """Places that the post, the one it answers or its chat speak of; figures that stand in the post."""
        scene = self._rules.lay_out(post, post.text[:LONGEST_TEXT])
        crossings = {post.chat.about} if post.chat.about else set()
        figures: list[float] = []
        if scene is not None:
            scenes = [scene, scene.reply] if scene.reply else [scene]
            hits = [hit for each in scenes for hit in (*each.places, *each.title)]
            crossings |= {name for hit in hits if hit.what in ("crossing", "border") for name in hit.ids}
            figures = [value for amount in scene.amounts for value in (amount.value, amount.low, amount.high) if value]
        countries = {side for name in crossings for side in self._sides.get(name, tuple(name.split("-")))}
        return Bounds(crossings=crossings, figures=figures, kinds=self._kinds, countries=countries)

    def _tell(self, what: str) -> None:
        self._on_skip(Skipped(file="the second reader (VERST_SECOND_URL)", what=what))


def join(reading: Reading, more: Sequence[Claim]) -> Reading:
    """The rules' claims, and those of the second reader that say something the rules did not.

    A figure the rules read of the same kind at the same crossing stands alone: they know the words it stands in.
    """
    taken = {(claim.kind, claim.crossing, claim.tag) for claim in (*reading.claims, *reading.denials)}
    fresh = [claim for claim in more if (claim.kind, claim.crossing, claim.tag) not in taken]
    return replace(reading, claims=(*reading.claims, *fresh)) if fresh else reading


def with_second(rules: Reader, on_skip: Said) -> ReadsPosts:
    """The rules alone, or with the second reader where its address is set. Raises BadSetting."""
    settings = second_settings()
    if settings is None:
        return rules
    from verst.geography import load_kinds, load_regions

    return SecondReader(rules, settings, load_kinds(), load_regions(), on_skip)


def _say_kind(kind: Kind) -> str:
    words = f" one of {' '.join(kind.options)}" if kind.options else f" in {kind.unit}" if kind.unit else ""
    tags = f", {'service' if kind.id == 'price' else 'tag'} one of {' '.join(kind.tags)}" if kind.tags else ""
    return f"{kind.id}:{words}{tags}"
