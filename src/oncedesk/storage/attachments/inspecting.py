"""A closer look at a picture: is it one, how large, and is there a code in it?

Everything here takes whole files and time; it runs beside the loop, on a file that nobody sees yet.
"""

import warnings
from pathlib import Path

from oncedesk.domain.shared.records import Record
from oncedesk.storage.attachments.files import FilesUnreachable, reachable
from oncedesk.storage.attachments.kinds import GIF, JPEG, PNG, WEBP, FileType
from oncedesk.storage.attachments.stripping import stripped

PIXELS_MAX = 60_000_000
"""A photo that unpacks to more is no telephone's. It is looked at in a smaller size."""
PIXELS_WHOLE_MAX = 25_000_000
"""Of what can only be unpacked whole, other types and progressive JPEGs: it takes 150 megabytes."""
LOOKED_AT_MAX = 2_000
"""Pixels a side at which codes are looked for."""
_FORMATS = {JPEG.media: "JPEG", PNG.media: "PNG", WEBP.media: "WEBP", GIF.media: "GIF"}


class FileDamaged(Exception):
    """It begins like a picture and is none, or one that unpacks to too much."""


class Picture(Record, frozen=True):
    """What was seen. `codes` are the texts of the codes in it; 0 by 0 where it cannot be opened."""

    width: int = 0
    height: int = 0
    codes: tuple[str, ...] = ()


def inspect(path: Path, found: FileType) -> Picture:
    """Look at the file, and take out of it what tells where and by whom it was made.

    Raises `FileDamaged` and `FilesUnreachable`. Types that we cannot open are left as they are.
    """
    format_ = _FORMATS.get(found.media)
    if format_ is None:
        return Picture()
    try:
        # Before anybody decodes it: what comes after the picture, and most of what lies beside it.
        with reachable():
            content = path.read_bytes()
        content = stripped(content, found)
        with reachable():
            path.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _looked_at(path, format_)
    except (FileDamaged, FilesUnreachable):
        raise
    except Exception as error:
        # A decoder's own errors are of every kind; each says that this is no proper picture.
        raise FileDamaged(type(error).__name__) from error


def _looked_at(path: Path, format_: str) -> Picture:
    # Loaded with the first picture: most commands of the program never see one.
    import zxingcpp
    from PIL import Image

    with Image.open(path, formats=[format_]) as image:
        width, height = image.size
        in_parts = format_ == "JPEG" and "progressive" not in image.info
        most = PIXELS_MAX if in_parts else PIXELS_WHOLE_MAX
        if not 0 < width * height <= most:
            raise FileDamaged(f"{width} x {height} pixels")
        image.draft("L", (LOOKED_AT_MAX, LOOKED_AT_MAX))
        image.load()
        small = image.convert("L")
        small.thumbnail((LOOKED_AT_MAX, LOOKED_AT_MAX))
        matrix = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.AllMatrix)
        codes = zxingcpp.read_barcodes(small, formats=matrix)
        return Picture(width, height, tuple(code.text for code in codes))
