"""Which types of file are taken, told by their content: what a sender claims is no proof."""

import re
import unicodedata
from enum import StrEnum

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import AttachmentRule

HEAD_BYTES = 32
"""So much of a file's beginning tells its type."""
NAME_LENGTH_MAX = 100
_UNDECLARED = ("", "application/octet-stream", "binary/octet-stream")
_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/heif": "image/heic"}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_MP4_BRANDS = re.compile(rb"^(?:iso[2-9m]|mp4[12v]|avc1|dash|M4V |MSNV|3gp[4-9])$")
_UNSAFE = re.compile(r"[\\/:*?\"<>|%;]+")


class FileKind(StrEnum):
    """What limits a file's size."""

    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"


class FileType(Record, frozen=True):
    """`media` is the type it is served as; `shown`: browsers may show it in a page."""

    media: str
    kind: FileKind
    ending: str
    shown: bool = False

    def bytes_max(self, rule: AttachmentRule) -> int:
        match self.kind:
            case FileKind.IMAGE:
                return rule.image_bytes_max
            case FileKind.VIDEO:
                return rule.video_bytes_max
            case FileKind.DOCUMENT:
                return rule.document_bytes_max


JPEG = FileType("image/jpeg", FileKind.IMAGE, "jpg", shown=True)
PNG = FileType("image/png", FileKind.IMAGE, "png", shown=True)
WEBP = FileType("image/webp", FileKind.IMAGE, "webp", shown=True)
GIF = FileType("image/gif", FileKind.IMAGE, "gif", shown=True)
HEIC = FileType("image/heic", FileKind.IMAGE, "heic")
MP4 = FileType("video/mp4", FileKind.VIDEO, "mp4")
QUICKTIME = FileType("video/quicktime", FileKind.VIDEO, "mov")
PDF = FileType("application/pdf", FileKind.DOCUMENT, "pdf")
TYPES = {one.media: one for one in (JPEG, PNG, WEBP, GIF, HEIC, MP4, QUICKTIME, PDF)}


def type_of(head: bytes) -> FileType | None:
    """The type of a file that begins so; None for any that is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head[4:8] == b"ftyp":
        return _type_of_brand(head[8:12])
    return None


def agrees(found: FileType, declared: str) -> bool:
    """Whether what the sender declared, if anything, is what it is."""
    media = declared.partition(";")[0].strip().lower()
    return media in _UNDECLARED or _ALIASES.get(media, media) == found.media


def safe_name(name: str, found: FileType) -> str:
    """A name that shows nothing but a name, with the ending of what the file is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Control characters, and those that turn the direction of writing (`gnp.exe` as `exe.png`).
    seen = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    stem, dot, ending = _UNSAFE.sub("_", seen).rpartition(".")
    stem = (stem if dot and len(ending) <= 5 else f"{stem}{dot}{ending}").strip(" .")
    return f"{stem[:NAME_LENGTH_MAX] or 'file'}.{found.ending}"


def _type_of_brand(brand: bytes) -> FileType | None:
    if brand in _HEIC_BRANDS:
        return HEIC
    if brand == b"qt  ":
        return QUICKTIME
    return MP4 if _MP4_BRANDS.match(brand) else None
