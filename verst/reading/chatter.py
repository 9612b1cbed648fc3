"""What may be left out when there is too much to read: posts that claim nothing, ask nothing and add to nothing."""

from __future__ import annotations

from verst.model import Post, Reading
from verst.reading.doubt import STATES
from verst.reading.reader import Reader

LONGEST = 6_000
ANSWERS = ("yes", "no")


def is_chatter(reader: Reader, post: Post, reading: Reading) -> bool:
    """Whether nothing is lost with a post: it tells nothing, and no figure, place or word of a queue is in it.

    Those could say something together with what the post answers, or with what its writer says next. Of a post that
    answers somebody a mere yes or no could.
    """
    told = reading.claims or reading.denials or reading.question or reading.sayings or post.given
    if told or post.official:
        return False
    scene = reader.lay_out(post, post.text[:LONGEST], answered=True)
    if scene is None:
        return True
    words = (*STATES, *ANSWERS) if post.reply_to is not None else STATES
    return not (scene.amounts or scene.places or scene.has(words))
