"""The prints of a video: a few of its frames, at fixed times from its beginning, each as a picture.

The times are the same for every copy, so that one that was saved anew, made smaller or cut off at its end is known
again; one whose beginning was cut off is known only where little moves. Nothing else of the file is read: no place, no
time, no device, no sound. Needs the package av (``pip install 'verst[video]'``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from verst.errors import BadFile, BadSetting
from verst.sources.pictures import LARGEST, MOST_POINTS, print_of, print_of_image

LARGEST_FILM = 200 << 20  # bytes
SECONDS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)  # from the first frame on
MOST_DECODED = 900  # frames, of which those wanted are kept
CODECS = frozenset(("h264", "hevc", "mpeg4", "h263", "vp8", "vp9", "av1", "mjpeg"))
HEAD = 16  # bytes that tell a video from a picture


def container_of(head: bytes) -> str | None:
    """What holds a video that begins so, as its decoder calls it; None for what is no video.

    >>> container_of(b"\\0\\0\\0\\x18ftypmp42"), container_of(b"\\x1aE\\xdf\\xa3"), container_of(b"\\xff\\xd8\\xff")
    ('mp4', 'matroska', None)
    """
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return "mp4"
    return "matroska" if head.startswith(b"\x1a\x45\xdf\xa3") else None


def prints_of(stream: IO[bytes], file: str) -> tuple[str, ...]:
    """The prints of a picture or a video: none where it is plain. Raises BadFile and BadSetting.

    ``stream``: an open file, from its beginning.
    """
    head = stream.read(HEAD)
    container = container_of(head)
    if container is not None:
        stream.seek(0)
        return tuple(dict.fromkeys(_frames(stream, container, file)))
    data = head + b"".join(iter(lambda: stream.read(1 << 20), b""))
    print_ = print_of(data, file)
    return (print_,) if print_ is not None else ()


def largest_of(stream: IO[bytes]) -> int:
    """How many bytes a file of its kind may have; it is left at its beginning."""
    head = stream.read(HEAD)
    stream.seek(0)
    return LARGEST_FILM if container_of(head) is not None else LARGEST


def _frames(stream: IO[bytes], container: str, file: str) -> Iterator[str]:
    """The prints of the frames that are wanted. Raises BadFile and BadSetting."""
    try:
        import av
    except ImportError:
        raise BadSetting("videos need the package av; install it: pip install 'verst[video]'") from None
    try:
        with av.open(stream, format=container, mode="r") as film:
            yield from _wanted(film, file)
    except (BadFile, BadSetting, MemoryError):
        raise
    except Exception as error:  # what a broken file makes a decoder raise is of every kind
        raise BadFile(f"no video, or a broken one ({type(error).__name__})", file=file, do="leave it") from error


def _wanted(film: Any, file: str) -> Iterator[str]:
    track = film.streams.video[0]
    context = track.codec_context
    if context.name not in CODECS or context.width * context.height > MOST_POINTS // 4:
        raise BadFile(f"a video of a kind that is not looked at ({context.name})", file=file, do="leave it")
    track.thread_type, context.thread_count = "NONE", 1  # behind the fence nothing begins beside it
    waiting, first = list(SECONDS), None
    for number, frame in enumerate(film.decode(track)):
        first = frame.time if first is None else first
        if waiting and (frame.time or 0.0) - (first or 0.0) >= waiting[0] - 0.001:
            waiting.pop(0)
            print_ = print_of_image(frame.to_image(threads=1))
            if print_ is not None:
                yield print_
        if not waiting or number >= MOST_DECODED:
            return
