"""What a file is, is told by its content; what is not the picture goes; what is in it is found."""

import io
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from oncedesk.storage.attachments import kinds
from oncedesk.storage.attachments.files import FilesUnreachable
from oncedesk.storage.attachments.inspecting import PIXELS_WHOLE_MAX, FileDamaged, inspect
from oncedesk.storage.attachments.kinds import agrees, safe_name, type_of
from oncedesk.storage.attachments.serving import headers
from oncedesk.storage.attachments.stripping import NotWhole, stripped
from tests.support.pictures import GIF, HEIC, PDF, PLACE, mp4, picture, qr_picture

FILES = {
    "image/jpeg": picture("JPEG"),
    "image/png": picture("PNG"),
    "image/webp": picture("WEBP"),
    "image/gif": GIF,
    "image/heic": HEIC,
    "video/mp4": mp4(),
    "application/pdf": PDF,
}
OTHERS = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg after xml": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "script": b"#!/bin/sh\nrm -rf /\n",
    "windows program": b"MZ" + bytes(100),
    "linux program": b"\x7fELF" + bytes(100),
    "zip": b"PK\x03\x04" + bytes(100),
    "gzip": b"\x1f\x8b\x08" + bytes(100),
    "text": b"hello there, this is plain text and no picture",
    "a html that speaks of a gif": b" GIF89a<script>",
    "an unknown brand": b"\x00\x00\x00\x18ftypevil" + bytes(20),
    "nothing": b"",
    "sound": b"RIFF\x00\x00\x00\x00WAVEfmt ",
}


@pytest.mark.parametrize("media", FILES)
def test_knows_a_file_by_its_content(media: str) -> None:
    found = type_of(FILES[media][: kinds.HEAD_BYTES])
    assert found is not None
    assert found.media == media
    assert agrees(found, media)
    assert agrees(found, "")
    assert agrees(found, f"{media.upper()}; charset=x")
    assert not agrees(found, "text/html")


@pytest.mark.parametrize("name", OTHERS)
def test_takes_nothing_else(name: str) -> None:
    assert type_of(OTHERS[name][: kinds.HEAD_BYTES]) is None


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_place_and_owner_go_and_every_pixel_stays(format_: str) -> None:
    content = picture(format_, secret=True)
    found = type_of(content)
    assert found is not None
    assert PLACE in content
    clean = stripped(content, found)
    assert PLACE not in clean
    before, after = (Image.open(io.BytesIO(one)).convert("RGB") for one in (content, clean))
    assert after.tobytes() == before.tobytes()
    assert stripped(clean, found) == clean


def test_how_a_photo_is_turned_stays() -> None:
    clean = stripped(picture("JPEG", secret=True), kinds.JPEG)
    assert dict(Image.open(io.BytesIO(clean)).getexif()) == {0x0112: 6}
    assert not Image.open(io.BytesIO(stripped(picture("JPEG"), kinds.JPEG))).getexif()


@pytest.mark.parametrize("media", ["image/jpeg", "image/png", "image/webp"])
def test_what_comes_after_the_picture_goes(media: str) -> None:
    content, found = FILES[media], kinds.TYPES[media]
    assert stripped(content + b"<script>alert(1)</script>", found) == stripped(content, found)


@pytest.mark.parametrize("media", ["image/jpeg", "image/png", "image/webp"])
def test_what_is_cut_off_is_refused(media: str, tmp_path: Path) -> None:
    content, found = FILES[media], kinds.TYPES[media]
    for length in (12, 20, len(content) // 2, len(content) - 3):
        path = tmp_path / str(length)
        path.write_bytes(content[:length])
        with pytest.raises((FileDamaged, NotWhole)):
            inspect(path, found)


@settings(max_examples=300)
@given(st.sampled_from(["image/jpeg", "image/png", "image/webp"]), st.data())
def test_a_spoiled_file_is_refused_or_is_a_picture(media: str, data: st.DataObject) -> None:
    content = bytearray(FILES[media])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        clean = stripped(bytes(content), kinds.TYPES[media])
    except NotWhole:
        return
    assert len(clean) <= len(content) + 64


def test_sees_how_large_a_picture_is_and_what_its_code_says(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(picture("PNG", size=(320, 200)))
    seen = inspect(path, kinds.PNG)
    assert (seen.width, seen.height, seen.codes) == (320, 200, ())
    path.write_bytes(qr_picture("https://evil.example/pay"))
    assert inspect(path, kinds.JPEG).codes == ("https://evil.example/pay",)


def test_a_picture_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    side = int(PIXELS_WHOLE_MAX**0.5) + 1
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    path = tmp_path / "bomb"
    path.write_bytes(out.getvalue())
    with pytest.raises(FileDamaged):
        inspect(path, kinds.PNG)


def _progressive(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, "JPEG", progressive=True)
    return out.getvalue()


def test_a_photo_of_many_passes_is_no_picture(tmp_path: Path) -> None:
    """Each costs a decoder as much as a photo and the sender a few bytes."""
    photo = _progressive(64)
    last = photo.rindex(b"\xff\xda")
    path = tmp_path / "x"
    for passes, refused in ((40, False), (100, True)):
        path.write_bytes(photo[:last] + photo[last:-2] * passes + photo[-2:])
        if refused:
            with pytest.raises(FileDamaged):
                inspect(path, kinds.JPEG)
        else:
            assert inspect(path, kinds.JPEG).width == 64


def test_a_progressive_photo_is_unpacked_whole_so_it_may_be_less_large(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(_progressive(int(PIXELS_WHOLE_MAX**0.5) + 1))
    with pytest.raises(FileDamaged):
        inspect(path, kinds.JPEG)


def test_a_picture_is_not_damaged_because_the_disk_is_full(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(FILES["image/jpeg"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, before[1]))
    try:
        with pytest.raises(FilesUnreachable):
            inspect(path, kinds.JPEG)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_picture_of_another_kind_than_it_begins_like_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"GIF89a" + picture("PNG"))
    with pytest.raises(FileDamaged):
        inspect(path, kinds.GIF)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("photo.png", "photo.png"),
        ("照片 1.PNG", "照片 1.png"),
        ("evil.html", "evil.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\temp\\x.jpg", "x.png"),
        ("a\x00b\r\nSet-Cookie: x.png", "abSet-Cookie_ x.png"),
        ("gnp\u202egnp.exe", "gnpgnp.png"),
        ("...", "file.png"),
        ("", "file.png"),
        ('a"b;c%d.png', "a_b_c_d.png"),
        ("x" * 500, "x" * 100 + ".png"),
        ("version 1.final2 draft", "version 1.final2 draft.png"),
    ],
)
def test_a_name_is_only_a_name_and_ends_as_the_file_is(name: str, safe: str) -> None:
    assert safe_name(name, kinds.PNG) == safe


@pytest.mark.parametrize("media", kinds.TYPES)
def test_no_browser_runs_or_keeps_it(media: str) -> None:
    found = dict(headers(media=media, name='照片".png', length=7))
    assert found["Content-Type"] == media
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert found["Cache-Control"] == "private, no-store"
    how, plain, coded = found["Content-Disposition"].split("; ")
    shown = media in {"image/jpeg", "image/png", "image/webp", "image/gif"}
    assert how == ("inline" if shown else "attachment")
    assert plain == 'filename="___.png"'
    assert coded == "filename*=UTF-8''%E7%85%A7%E7%89%87%22.png"
    assert all(value.isascii() and "\n" not in value for value in found.values())
