"""The print of a picture: 64 bits that stay nearly the same when it is saved anew, made smaller or a little darker.

A perceptual hash: which of the 64 slowest waves of the picture in grey (a discrete cosine transform of 32 by 32 points)
are stronger than their median (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions"). Of
what a file says beside its points (places, times, devices) only which way up it is is looked at. Nothing of a picture
is kept but its print, and from that no picture can be made.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from verst.errors import BadFile, BadSetting

if TYPE_CHECKING:
    import numpy as np

LARGEST = 20 << 20  # bytes
MOST_POINTS = 50_000_000
SIDE, SLOWEST = 32, 8
PLAIN = 6.0  # shades of grey that points differ by at least (their standard deviation): all plain pictures are alike
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_WAY_UP = 0x0112  # the only field of EXIF that is read


def print_of(data: bytes, file: str) -> str | None:
    """16 hex digits for a picture; None for one so plain that many would be alike (a logo, a black frame).

    Raises BadFile for what is no picture, too large or broken, BadSetting without the package Pillow. ``file``: its
    name for messages.
    """
    if len(data) > LARGEST:
        raise BadFile(f"a picture of more than {LARGEST >> 20} MB", file=file, do="it was not looked at")
    return _print(_small(data, file))


def print_of_image(picture: Any) -> str | None:
    """The same for a picture that Pillow has already, such as a frame of a video."""
    from PIL import Image

    return _print(picture.convert("RGB").convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def _print(small: Any) -> str | None:
    """The print of a picture in grey, 32 by 32."""
    import numpy as np

    grey = np.asarray(small, dtype=np.float64)
    if float(grey.std()) < PLAIN:
        return None
    waves = (_waves() @ grey @ _waves().T)[:SLOWEST, :SLOWEST].ravel()
    strong = waves > np.median(waves[1:])  # the first is how bright the whole is
    return f"{int(''.join('1' if bit else '0' for bit in strong), 2):016x}"


def _small(data: bytes, file: str) -> Any:
    """The picture in grey, 32 by 32, the right way up."""
    try:
        from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401 (it adds itself)
    except ImportError:
        raise BadSetting("pictures need the package pillow; install it: pip install 'verst[pictures]'") from None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise BadFile(f"a picture of more than {MOST_POINTS:,} points", file=file, do="it was not looked at")
            way_up = picture.getexif().get(_WAY_UP)
            picture.draft("L", (4 * SIDE, 4 * SIDE))
            small = picture.convert("RGB").convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        if way_up not in (None, 1):
            small.getexif()[_WAY_UP] = way_up
            small = ImageOps.exif_transpose(small)
        return small
    except (BadFile, MemoryError):
        raise
    except Exception as error:  # what a broken file makes a decoder raise is of every kind
        raise BadFile(f"no picture, or a broken one ({type(error).__name__})", file=file, do="leave it") from error


@cache
def _waves() -> np.ndarray[Any, Any]:
    """The first waves of the transform, over 32 points."""
    import numpy as np

    points = np.arange(SIDE)
    return np.cos(np.pi * np.outer(np.arange(SLOWEST), 2 * points + 1) / (2 * SIDE))
