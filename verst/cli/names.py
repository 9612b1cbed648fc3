"""Names given to commands, held to those there are; an error says which look like it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from verst.errors import BadSetting, NotFound


def check_crossing(name: str | None, *, borders: bool = False) -> None:
    """Raises NotFound for an id that no crossing has; with ``borders``, those of whole borders are good too."""
    from verst.geography import load_regions

    regions = load_regions()
    known = {crossing.id for region in regions for crossing in region.crossings}
    if borders:
        known |= {border for region in regions for border, _ in region.borders}
    if name is None or name in known:
        return
    near = ([each for each in sorted(known) if name in each] + get_close_matches(name, sorted(known), cutoff=0.6))[:3]
    hint = f"did you mean {', '.join(near)}?" if near else "ids are like verkhny-lars; all of them: docs/regions.md"
    raise NotFound(f"no crossing has the id {name!r}; {hint}")


def check_word(name: str | None, known: Iterable[str], what: str) -> None:
    """Raises BadSetting for a word that is none of those known."""
    listed = list(known)
    if name is not None and name not in listed:
        raise BadSetting(f"no {what} is called {name!r}; there are {', '.join(listed)}")
