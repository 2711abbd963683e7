"""Files as people send them: made here, so that what is in them is known."""

import io
import struct
from typing import Any

import zxingcpp
from PIL import Image

PLACE = b"48.2082N 16.3738E"
"""Stands in every picture that is made with `secret`."""


def picture(format_: str, *, secret: bool = False, size: tuple[int, int] = (60, 40)) -> bytes:
    """A small picture, with where and by whom it was taken if wanted."""
    image = Image.new("RGB", size, "teal")
    image.putpixel((3, 3), (200, 10, 10))
    more: dict[str, Any] = {}
    if secret:
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010E] = PLACE.decode()
        more["exif"] = exif
        if format_ == "WEBP":
            more["xmp"] = PLACE
        if format_ == "JPEG":
            more["comment"] = PLACE
    out = io.BytesIO()
    image.save(out, format_, **more)
    return out.getvalue()


def qr_picture(text: str) -> bytes:
    """A picture of a QR code that says this."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=6))
    out = io.BytesIO()
    canvas = Image.new("L", (image.width + 200, image.height + 200), 255)
    canvas.paste(image, (100, 100))
    canvas.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def mp4(size: int = 4_000) -> bytes:
    """As much of a video as its type is told by."""
    return struct.pack(">I4s4sI", 24, b"ftyp", b"isom", 512) + b"isommp41" + bytes(size)


PDF = b"%PDF-1.7\n" + b"0" * 100 + b"\n%%EOF\n"
HEIC = struct.pack(">I4s4sI", 24, b"ftyp", b"heic", 0) + b"mif1heic" + bytes(400)
GIF = picture("GIF")
