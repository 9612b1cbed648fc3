"""Loads a file into a store and says on standard output, after each batch is kept, how far it was read."""

from __future__ import annotations

import re
import sys

from verst.model import Claim, Post, Reading
from verst.sources import Door
from verst.store import open_store
from verst.work import Tally
from verst.work.intake import load_inputs


class FigureReader:
    """Every figure in a text is a wait in minutes at Verkhny Lars."""

    def read(self, post: Post) -> Reading:
        figures = re.findall(r"\d+", post.text)
        return Reading(
            claims=tuple(
                Claim(kind="wait", crossing="verkhny-lars", toward="GE", mode="car", value=float(each))
                for each in figures
            )
        )

    def findable(self, post: Post) -> str:
        return post.text


def main(url: str, file: str) -> Tally:
    store = open_store(url)
    tally = load_inputs(
        [file], store, Door(b"k" * 32), FigureReader(), on_mark=lambda mark: print(mark.position, flush=True)
    )
    store.close()
    return tally


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
