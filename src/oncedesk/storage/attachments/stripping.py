"""Takes out of a picture's file what is not the picture: place, time, device, what comes after.

Pixels are not touched: a picture is evidence. How a photo is to be turned is kept. GIF, HEIC and
videos are left as they are.
"""

import re
import struct
from collections.abc import Iterator

from oncedesk.storage.attachments.kinds import JPEG, PNG, WEBP, FileType


class NotWhole(ValueError):
    """The file ends, or goes on, where it should not."""


def stripped(content: bytes, found: FileType) -> bytes:
    """The same picture without the rest. Raises `NotWhole`."""
    try:
        match found.media:
            case JPEG.media:
                return b"".join(_jpeg(content))
            case PNG.media:
                return b"".join(_png(content))
            case WEBP.media:
                return _webp(content)
            case _:
                return content
    except (IndexError, struct.error) as error:
        raise NotWhole(str(error)) from error


SCANS_MAX = 64
"""A photo is in one pass, or in a dozen that sharpen it; each more costs a decoder one of them."""
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _APP15, _COM = (
    0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE,
)  # fmt: skip


def _jpeg(content: bytes) -> Iterator[bytes]:
    """Segment by segment, to the first end: colours and layout stay, EXIF, XMP and comments go."""
    yield content[:2]
    place, turned, scans = 2, False, 0
    while True:
        while content[place] == 0xFF and content[place + 1] == 0xFF:
            place += 1
        marker = content[place + 1]
        if content[place] != 0xFF:
            raise NotWhole("no marker")
        if marker == _EOI:
            yield content[place : place + 2]
            return
        (length,) = struct.unpack_from(">H", content, place + 2)
        end = place + 2 + length
        if length < 2 or end > len(content):
            raise NotWhole("a segment that is longer than the file")
        segment = content[place:end]
        if marker == _APP1 and not turned and (orientation := _orientation(segment[4:])) > 1:
            turned = True
            yield _turned(orientation)
        elif marker in (_APP0, _APP2, _APP14) or not (_APP0 <= marker <= _APP15 or marker == _COM):
            yield segment
        if marker == _SOS:
            scans += 1
            if scans > SCANS_MAX:
                raise NotWhole("passes without end")
            after = _MARKER.search(content, end)
            if after is None:
                raise NotWhole("no end")
            yield content[end : after.start()]
            end = after.start()
        place = end


def _orientation(exif: bytes) -> int:
    """How an EXIF block says that the photo is to be turned: 1 to 8, 1 where it says nothing."""
    if not exif.startswith(b"Exif\0\0"):
        return 1
    tiff = exif[6:]
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(min(count, 64)):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * entry)
            if tag == 0x0112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _turned(orientation: int) -> bytes:
    """A segment that says this and nothing else."""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body


_PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
     b"pHYs", b"bKGD", b"acTL", b"fcTL", b"fdAT", b"cICP")
)  # fmt: skip


def _png(content: bytes) -> Iterator[bytes]:
    """Chunk by chunk, to the first end."""
    yield content[:8]
    place = 8
    while True:
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise NotWhole("a chunk that is longer than the file")
        if name in _PNG_KEPT:
            yield content[place:end]
        if name == b"IEND":
            return
        place = end


_WEBP_SAYS_EXIF_OR_XMP = 0x0C


def _webp(content: bytes) -> bytes:
    """Chunk by chunk, to the end that the file states; and then it states the new one."""
    (size,) = struct.unpack_from("<I", content, 4)
    if size + 8 > len(content):
        raise NotWhole("shorter than it says")
    kept: list[bytes] = []
    place = 12
    while place + 8 <= size + 8:
        name, length = struct.unpack_from("<4sI", content, place)
        end = place + 8 + length + length % 2
        if place + 8 + length > size + 8:
            raise NotWhole("a chunk that is longer than the file")
        chunk = content[place:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_SAYS_EXIF_OR_XMP]) + chunk[9:]
        if name not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        place = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
