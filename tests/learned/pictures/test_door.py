"""The door for own pictures: whatever the file, the same garment comes out; never an error."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from factory_env.learned.pictures import door as picture_door
from factory_env.learned.pictures.door import Photo, Refusal, read_photo
from factory_env.learned.pictures.known_fabric import as_fabric
from factory_env.learned.pictures.known_picture import as_known
from tests.house.test_house_rules import modules_after
from tests.learned.small_garments import tees

TEE = tees(1)[0]
GREY = np.rint(TEE * 255).astype(np.uint8)
LARGE = Image.fromarray(GREY).resize((280, 280), Image.Resampling.NEAREST)
BOX = (slice(3, 25), slice(3, 25))  # of the garment, which fills the frame behind the door
FILLED = np.asarray(
    Image.fromarray(GREY[BOX]).resize((28, 28), Image.Resampling.LANCZOS), np.float32
) / np.float32(GREY.max())


def saved(path: Path, picture: Image.Image, **how) -> Photo:
    picture.save(path, **how)
    found = read_photo(path)
    assert isinstance(found, Photo), found
    return found


def inverted(picture: Image.Image) -> Image.Image:
    return picture.point(lambda v: 255 - v)


def cut_out(picture: Image.Image) -> Image.Image:
    alpha = picture.point(lambda v: 255 if v else 0)
    return Image.merge("RGBA", (picture, picture, picture, alpha))


def wide_border(picture: Image.Image) -> Image.Image:
    ground = Image.new("L", (700, 500), 0)
    ground.paste(picture, (370, 110))
    return ground


FORMS = {
    "grey.png": lambda: LARGE,
    "colours.jpg": lambda: LARGE.convert("RGB"),
    "light ground.jpg": lambda: inverted(LARGE),
    "palette.gif": lambda: LARGE.convert("P"),
    "a.bmp": lambda: LARGE.convert("RGB"),
    "a.webp": lambda: LARGE.convert("RGB"),
    "a.tiff": lambda: LARGE,
    "print.tiff": lambda: inverted(LARGE).convert("RGB").convert("CMYK"),
    "cut out.png": lambda: cut_out(LARGE),
    "dark and cut out.webp": lambda: cut_out(LARGE.point(lambda v: v // 3)),
    "sixteen bits.png": lambda: Image.fromarray(np.asarray(LARGE, np.uint16) * 257),
    "twelve bits.tiff": lambda: Image.fromarray(np.asarray(LARGE, np.uint16) * 16),
    "floats.tiff": lambda: Image.fromarray(np.asarray(LARGE, np.float32) * 3 - 100),
    "with room.png": lambda: wide_border(LARGE),
    "light with room": lambda: inverted(wide_border(LARGE)),  # known by content, not by name
}


@pytest.mark.parametrize("name", FORMS)
def test_one_garment_in_every_kind_of_file_is_one_picture(name, tmp_path) -> None:
    picture = FORMS[name]()
    path = tmp_path / name
    found = saved(path, picture, format=None if "." in name else "PNG")
    assert (found.width_px, found.height_px) == picture.size
    assert found.picture.shape == (28, 28)
    assert found.picture.dtype == np.float32
    assert found.picture.max() == 1
    assert (found.picture == 0).mean() > 0.2, "the ground is black"
    # light and dark change places in the garment only if the ground asks for it: form is compared
    assert (((found.picture > 0.2) == (FILLED > 0.2)).mean()) > 0.97
    assert max(found.view.shape) <= 160


TURN = Image.Transpose
BACK = {TURN.ROTATE_90: TURN.ROTATE_270, TURN.ROTATE_270: TURN.ROTATE_90}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "tiff", "webp"])
def test_a_picture_taken_with_a_turned_camera_stands_upright(orientation, suffix, tmp_path) -> None:
    lain = wide_border(LARGE).convert("RGB")
    turn = picture_door.UPRIGHT.get(orientation)
    if turn is not None:  # what turns it back, backwards
        lain = lain.transpose(BACK.get(turn, turn))
    assert (lain.size == (500, 700)) == (orientation >= 5)
    exif = Image.Exif()
    exif[274] = orientation
    found = saved(tmp_path / f"turned.{suffix}", lain, exif=exif)
    assert (found.width_px, found.height_px) == (700, 500)
    straight = as_known(np.asarray(wide_border(LARGE), np.float32) / np.float32(255))
    assert straight is not None
    assert found.frame == pytest.approx(straight[1], abs=0.02), "it lies off the middle"
    assert (((found.picture > 0.2) == (FILLED > 0.2)).mean()) > 0.97


def test_a_picture_of_the_networks_own_kind_is_left_alone(tmp_path) -> None:
    own = saved(tmp_path / "own.png", Image.fromarray(GREY))
    assert np.array_equal(own.picture, TEE)
    assert own.frame == (0, 0, 1, 1)
    white = saved(tmp_path / "white.png", Image.fromarray(255 - GREY))
    assert np.abs(white.picture - TEE).max() < 1e-6


def test_the_frame_lies_where_the_garment_is() -> None:
    """Any pixel of the known picture comes from its place in the frame."""
    grey = np.zeros((300, 500), np.float32)
    grey[50:250, 300:400] = 1  # 200 high: the frame is as high, and twice as wide as the garment
    found = as_known(grey)
    assert found is not None
    picture, frame = found
    assert frame == pytest.approx((250 / 500, 50 / 300, 450 / 500, 250 / 300))
    assert picture[:, :7].max() == 0
    assert picture[:, 21:].max() == 0
    assert picture[:, 7:21].min() > 0.5


@pytest.mark.parametrize("size", [(1, 1), (1, 60), (60, 1), (2, 2), (3, 200), (9000, 3)])
def test_pictures_of_any_size_are_judged_or_refused(size, tmp_path) -> None:
    rng = np.random.default_rng(1)
    for name, values in (
        ("noise", rng.integers(0, 256, size)),
        ("plain", np.full(size, 90)),
        ("dot", np.eye(*size) * 255),
    ):
        path = tmp_path / f"{name}.png"
        Image.fromarray(values.astype(np.uint8)).save(path)
        found = read_photo(path)
        assert (found.height_px, found.width_px) == size
        if isinstance(found, Photo):
            assert name != "plain"
            assert np.isfinite(found.picture).all()
        else:
            assert "no garment" in found.reason


def damaged() -> dict[str, bytes]:
    whole = io.BytesIO()
    LARGE.save(whole, "PNG")
    photo = io.BytesIO()
    LARGE.save(photo, "JPEG")
    png, jpg = whole.getvalue(), photo.getvalue()
    return {
        "nothing.png": b"",
        "words.txt": b"a shirt",
        "words.png": b"a shirt",
        "cut.png": png[: len(png) // 2],
        "cut.jpg": jpg[: len(jpg) // 2],
        "head.png": png[:20],
        "flipped.png": png[:60] + bytes(255 - b for b in png[60:90]) + png[90:],
        "drawing.svg": b"<svg></svg>",
        "gif.gif": b"GIF89a" + bytes(40),
        "tiff.tif": b"II*\0" * 9,
        "bmp.bmp": b"BM" + bytes(60),
        "webp.webp": b"RIFF\x10\0\0\0WEBPVP8 " + bytes(12),
    }


@pytest.mark.parametrize("name", damaged())
def test_a_damaged_file_is_refused_with_one_line(name, tmp_path) -> None:
    path = tmp_path / name
    path.write_bytes(damaged()[name])
    found = read_photo(path)
    assert isinstance(found, Refusal)
    assert found.reason
    assert "\n" not in found.reason


@pytest.mark.parametrize("side", [7100, 60_000])
def test_too_many_pixels_are_refused_before_they_are_unpacked(
    side: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = io.BytesIO()
    Image.new("1", (8, 8)).save(small, "PNG")
    head = bytearray(small.getvalue())
    head[16:24] = side.to_bytes(4, "big") * 2
    head[29:33] = zlib.crc32(bytes(head[12:29])).to_bytes(4, "big")
    path = tmp_path / "large.png"
    path.write_bytes(bytes(head))
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("unpacked"))
    found = read_photo(path)
    assert isinstance(found, Refusal)
    assert found.reason == "more than 50 million pixels"


def test_what_is_gone_or_no_file_is_refused(tmp_path) -> None:
    for path in (tmp_path / "gone.png", tmp_path):
        assert isinstance(read_photo(path), Refusal)


def test_a_file_that_may_not_be_read_is_refused_in_words(tmp_path, monkeypatch) -> None:
    path = tmp_path / "locked.png"
    LARGE.save(path)
    monkeypatch.setattr(  # as another user; the superuser may read everything
        picture_door.Image,
        "open",
        lambda *a, **b: (_ for _ in ()).throw(PermissionError(13, "Permission denied", str(path))),
    )
    found = read_photo(path)
    assert isinstance(found, Refusal)
    assert found.reason == "can not be opened: Permission denied"


def test_the_door_needs_no_torch() -> None:
    assert "torch" not in modules_after("import factory_env.learned.pictures.door")


def test_fabric_is_the_middle_square_of_its_photograph(tmp_path) -> None:
    wide = np.zeros((300, 700), np.uint8)
    wide[:, 200:500] = np.linspace(0, 255, 300).astype(np.uint8)[:, None]
    Image.fromarray(wide).save(tmp_path / "wide.png")
    found = read_photo(tmp_path / "wide.png", as_fabric)
    assert isinstance(found, Photo)
    assert found.frame == pytest.approx((2 / 7, 0, 5 / 7, 1))
    assert np.abs(found.picture - np.linspace(0, 1, 224)[:, None]).max() < 0.01
    Image.fromarray(wide[:111]).save(tmp_path / "low.png")
    low = read_photo(tmp_path / "low.png", as_fabric)
    assert isinstance(low, Refusal)
    assert "too small for fabric" in low.reason
