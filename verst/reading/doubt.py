"""When the rules are unsure of their own reading: a figure or a state that is said, and that no claim took up."""

from __future__ import annotations

from verst.model import Claim, Post, Reading
from verst.reading.amount import Amount
from verst.reading.reader import Reader
from verst.reading.scene import Scene

FIGURES = frozenset(("minute", "km", "vehicle", "person"))
STATES = ("closed", "open", "paused", "free", "moving", "refuse", "queue", "stand", "waited", "crossed")
LONGEST = 6_000


def doubts(reader: Reader, post: Post, reading: Reading) -> tuple[str, ...]:
    """Why a reading may be short of something, each in a few words; nothing where the rules are sure.

    An advertisement, a question and a post about no known crossing give no doubt: nothing could be claimed there.
    """
    if reading.ad or reading.question is not None or post.given or not post.text.strip():
        return ()
    scene = reader.lay_out(post, post.text[:LONGEST])
    if scene is None or not _about_something(scene):
        return ()
    found = []
    if any(amount.unit in FIGURES and not _taken(scene, amount, reading) for amount in scene.amounts):
        found.append("a figure that no claim took up")
    if not reading.claims and not reading.denials and scene.has(STATES):
        found.append("words of a queue or a passage, and no claim")
    return tuple(found)


def _about_something(scene: Scene) -> bool:
    """Whether a crossing or border is named in the post, in the one it answers, or by its chat."""
    places = [*scene.places, *scene.title, *(scene.reply.places if scene.reply else ())]
    return scene.post.chat.about is not None or any(hit.what in ("crossing", "border") for hit in places)


def _taken(scene: Scene, amount: Amount, reading: Reading) -> bool:
    first, last = scene.offsets(amount.first_token, amount.last_token)
    return any(_overlaps(claim, first, last) for claim in (*reading.claims, *reading.denials))


def _overlaps(claim: Claim, first: int, last: int) -> bool:
    return claim.span is not None and claim.span[0] < last and first < claim.span[1]
