"""A region's crossings on a map, as geometry for an SVG that the server draws: nothing comes from elsewhere.

Units inside: pixels of a drawing 720 wide; the template only prints them. Straight degrees, narrowed by the latitude.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, hypot, radians

from verst.web.board import Board
from verst.web.land import Arc, load_land
from verst.web.roads import find_queues, is_seen
from verst.web.view import Fact, Lane, Now, lane_status

WIDTH, TALLEST, FLATTEST = 720.0, 760.0, 320.0
MARGIN = 0.12  # of the drawing on each side
LEAST_SPAN = 3.0  # degrees: a map of one crossing still shows where it is
MOST_TOWNS = 16
LETTER, LINE = 10.5, 20.0  # about how wide a letter and how high a line is on a phone, where they are largest
MARK, SMALL = 12.0, 7.0  # radius of a mark, and of one that says nothing
SIGNS = {
    "closed": "✕",
    "paused": "‖",
    "very_long": "4",
    "long": "3",
    "some": "2",
    "short": "1",
    "unclear": "?!",
    "partly": "!",
    "open": "…",
    "free": "…",
    "silent": "?",
}

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Which part of the earth is drawn, and how large."""

    west: float
    north: float
    scale: float  # pixels a degree of latitude
    squeeze: float  # of a degree of longitude
    height: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        return round((lon - self.west) * self.scale * self.squeeze, 1), round((self.north - lat) * self.scale, 1)

    def holds(self, x: float, y: float, spare: float = 0.0) -> bool:
        """Whether a point lies on the drawing, or at most ``spare`` pixels beside it."""
        return -spare <= x <= WIDTH + spare and -spare <= y <= self.height + spare


@dataclass(frozen=True, slots=True)
class Mark:
    """One crossing. ``doubt``: one voice or contradiction. ``side``: where its name has room, empty for nowhere."""

    x: float
    y: float
    radius: float
    now: Now
    sign: str
    doubt: bool
    side: str

    @property
    def beside(self) -> float:
        """Where its name begins or ends."""
        return self.x + (self.radius + 4) * (1 if self.side == "start" else -1)


@dataclass(frozen=True, slots=True)
class Town:
    """A town for finding one's way."""

    x: float
    y: float
    latin: str
    russian: str


@dataclass(frozen=True, slots=True)
class Line:
    """One queue along its road, as SVG point lists: as long as it is at least, and as it may be."""

    now: Now
    fact: Fact
    near: str
    far: str


@dataclass(frozen=True, slots=True)
class Map:
    """Everything the template draws; ``lost``: crossings whose place nobody checked."""

    frame: Frame
    borders: tuple[str, ...]
    waters: tuple[str, ...]
    towns: tuple[Town, ...]
    queues: tuple[Line, ...]
    marks: tuple[Mark, ...]
    lost: tuple[Now, ...]


def draw_map(board: Board) -> Map | None:
    """The map of a board; None when no crossing's place is known."""
    nows = [*board.known, *board.silent]
    placed = [now for now in nows if now.crossing.lat is not None and now.crossing.lon is not None]
    if not placed:
        return None
    frame = make_frame([(now.crossing.lon or 0.0, now.crossing.lat or 0.0) for now in placed])
    land = load_land()
    taken: list[Box] = []
    marks = list(place_marks(placed, frame, taken))
    return Map(
        frame=frame,
        borders=tuple(trace(land.borders, frame)),
        waters=tuple(trace(land.waters, frame)),
        towns=tuple(place_towns(frame, taken)),
        queues=tuple(draw_queues(placed, frame)),
        marks=tuple(marks[::-1]),  # the worst are drawn last, on top
        lost=tuple(now for now in nows if now not in placed),
    )


def draw_queues(nows: Iterable[Now], frame: Frame) -> Iterator[Line]:
    """Every queue that is long enough to be seen."""
    for queue in find_queues(nows):
        near, far = ([frame.place(lon, lat) for lat, lon in part] for part in (queue.near, queue.far))
        if is_seen(far):
            yield Line(queue.now, queue.fact, join(near), join(far))


def join(points: Iterable[tuple[float, float]]) -> str:
    """Points as SVG writes them."""
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def make_frame(points: list[tuple[float, float]]) -> Frame:
    """A frame around these points with room beside them."""
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    middle_lon, middle_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    squeeze = cos(radians(middle_lat))
    wide = max(max(lons) - min(lons), LEAST_SPAN / squeeze) * (1 + 2 * MARGIN)
    tall = max(max(lats) - min(lats), LEAST_SPAN) * (1 + 2 * MARGIN)
    scale = min(WIDTH / (wide * squeeze), TALLEST / tall)
    height = max(FLATTEST, round(tall * scale))
    west = middle_lon - WIDTH / scale / squeeze / 2
    return Frame(west, middle_lat + height / scale / 2, scale, squeeze, height)


def trace(arcs: Iterable[Arc], frame: Frame) -> Iterator[str]:
    """Lines that touch the drawing, as SVG point lists, without points closer than two pixels."""
    for arc in arcs:
        points = [frame.place(lon, lat) for lon, lat in arc]
        if not any(frame.holds(x, y, 60) for x, y in points):
            continue
        kept = [points[0]]
        kept += [point for point in points[1:-1] if away(point, kept[-1]) and frame.holds(*point, spare=400)]
        yield join([*kept, points[-1]])


def away(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two points are more than two pixels apart."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) > 2


def place_marks(nows: list[Now], frame: Frame, taken: list[Box]) -> Iterator[Mark]:
    """Each crossing where it is, worst first; a name is written where it covers no other name or known mark."""
    spots = {now.crossing.id: frame.place(now.crossing.lon or 0.0, now.crossing.lat or 0.0) for now in nows}
    known = [now for now in nows if now.status != "silent"]
    taken += [around(*spots[now.crossing.id], MARK) for now in known]
    plain = [spots[now.crossing.id] for now in known]
    silent = [around(*spots[now.crossing.id], SMALL) for now in nows if now.status == "silent"]
    for now in nows:
        x, y = spots[now.crossing.id]
        if now.status == "silent":
            taken += silent
            silent = []
        radius = SMALL if now.status == "silent" else MARK
        letters = max((len(name) for _, name in now.crossing.names), default=10)
        hidden = now.status == "silent" and any(hypot(x - a, y - b) < MARK + SMALL for a, b in plain)
        side = "" if hidden else find_side(x, y, radius, letters, taken)
        yield Mark(x, y, radius, now, SIGNS[now.status], is_doubtful(now), side)


def around(x: float, y: float, radius: float) -> Box:
    """The square around a mark."""
    return x - radius, y - radius, x + radius, y + radius


def find_side(x: float, y: float, radius: float, letters: int, taken: list[Box]) -> str:
    """``start``: the name has room to the right of its mark, ``end``: to the left, empty: nowhere."""
    wide, top, bottom = letters * LETTER, y - LINE / 2, y + LINE / 2
    right = (x + radius + 3, top, x + radius + 3 + wide, bottom)
    left = (x - radius - 3 - wide, top, x - radius - 3, bottom)
    if right[2] < WIDTH and claim_room(right, taken):
        return "start"
    return "end" if left[0] > 0 and claim_room(left, taken) else ""


def claim_room(box: Box, taken: list[Box]) -> bool:
    """Take that room when nothing stands there."""
    left, top, right, bottom = box
    if any(left < r and right > l_ and top < b and bottom > t for l_, t, r, b in taken):
        return False
    taken.append(box)
    return True


def is_doubtful(now: Now) -> bool:
    """Whether the lanes that make a crossing's status rest on one voice or on contradicting ones."""
    leading = [lane for lane in now.lanes if lane_status(lane) == now.status and now.status != "silent"]
    return bool(leading) and all(shaky(lane) for lane in leading)


def shaky(lane: Lane) -> bool:
    """Whether nothing fresh in a lane has two voices that agree."""
    fresh = [fact for fact in lane.facts.values() if not fact.silent]
    return all(fact.thin or fact.estimate.disputed for fact in fresh)


def place_towns(frame: Frame, taken: list[Box]) -> Iterator[Town]:
    """The largest towns of the drawing that have room for their names."""
    left = MOST_TOWNS
    for lon, lat, latin, russian, _ in sorted(load_land().towns, key=lambda town: (town[4], town[2])):
        x, y = frame.place(lon, lat)
        wide = max(len(latin), len(russian)) * LETTER
        if x < 4 or x + wide + 8 > WIDTH or not LINE < y < frame.height - LINE:
            continue
        if claim_room((x - 4, y - LINE / 2, x + 8 + wide, y + LINE / 2), taken):
            yield Town(x, y, latin, russian)
            left -= 1
        if not left:
            return
