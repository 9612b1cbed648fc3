"""Boards laid out as a table: a heading that names means of travel, and a line of figures for each crossing.

пункт | легк. | груз.
Сагарчин | 45 | 12
Орск | 0 | 3
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from verst.model import Mode
from verst.reading.draft import Draft
from verst.reading.manner import mode_words
from verst.reading.scene import Clause, Scene

_BAR = "|"
_MOST_VEHICLES = 20_000


def tabled(scene: Scene) -> list[Draft]:
    """The counts of a table, each with the means of its column; a nought is a road without a queue."""
    columns: list[list[Mode]] = []
    found: list[Draft] = []
    for line in _lines(scene):
        cells = _cells(scene, line)
        if len(cells) < 2:
            columns = []
            continue
        if not any(_is_figure(scene, cell) for cell in cells[1:]):
            heading = [mode_words(scene, cell) for cell in cells]
            columns = heading if any(heading[1:]) else columns
        elif columns:
            found += _row(scene, cells, columns)
    return found


def _row(scene: Scene, cells: Sequence[Clause], columns: Sequence[list[Mode]]) -> Iterator[Draft]:
    place = next((hit for hit in scene.places if hit.what == "crossing" and _holds(cells[0], hit.first_token)), None)
    for cell, modes in zip(cells[1:], columns[1:], strict=False):
        if place is None or len(modes) != 1 or not _is_figure(scene, cell):
            continue
        value = float(scene.toks[cell.first].text)
        told = {"kind": "queue_count", "value": value} if value else {"kind": "passage", "value": "free"}
        if value <= _MOST_VEHICLES:
            yield Draft(first=cell.first, last=cell.last, rule="tables.count", mode=modes[0], ends=place.ids, **told)


def _holds(cell: Clause, token: int) -> bool:
    return cell.first <= token <= cell.last


def _is_figure(scene: Scene, cell: Clause) -> bool:
    """Whether a cell is one number and nothing else."""
    return cell.first == cell.last and scene.toks[cell.first].text.isdigit()


def _lines(scene: Scene) -> Iterator[Clause]:
    """The lines of a text that has any bar, by their tokens."""
    toks = scene.toks
    if _BAR not in scene.folded:
        return
    first = 0
    for at in range(1, len(toks) + 1):
        if at == len(toks) or "\n" in scene.folded[toks[at - 1].end : toks[at].start]:
            yield Clause(first, at - 1)
            first = at


def _cells(scene: Scene, line: Clause) -> list[Clause]:
    """What stands between the bars of a line, empty cells left out at its ends."""
    cells: list[Clause] = []
    first = line.first
    for at in range(line.first, line.last + 2):
        if at > line.last or scene.toks[at].text == _BAR:
            if at > first:
                cells.append(Clause(first, at - 1))
            elif cells:
                cells.append(Clause(at, at - 1))  # an empty cell inside
            first = at + 1
    return cells
