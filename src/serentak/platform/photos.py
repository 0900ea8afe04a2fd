"""What is kept of a photo: the picture as it is seen, within a size; nothing about its taker."""

import io
import threading
from typing import IO, Any

from PIL import Image, ImageOps, UnidentifiedImageError

from serentak.kernel.refused import Refused

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_PIXELS = 60_000_000
"""More than a phone takes; 400 kB can say that they are 400 million."""
_LONGEST = 4096
"""Pixels of the longer side that are kept: enough to read a form that fills the photo."""

_one_at_a_time = threading.Lock()
"""A photo of the most pixels takes a quarter of a gigabyte while it is decoded."""

Image.MAX_IMAGE_PIXELS = None  # looked at here, before anything is decoded


def cleaned(file: IO[Any], content_type: str) -> bytes:
    """Return a photo anew, upright, without place, device and hidden text.

    Refused if it has more pixels than any camera's, or cannot be read to its end.
    """
    file.seek(0)
    wanted = FORMATS[content_type]
    try:
        with _one_at_a_time, Image.open(file, formats=[wanted]) as photo:
            width, height = photo.size
            if width * height > MOST_PIXELS:
                raise Refused(
                    "platform.photo_has_too_many_pixels",
                    field="file",
                    width=width,
                    height=height,
                    most=MOST_PIXELS // 1_000_000,
                )
            photo.draft("RGB", (_LONGEST, _LONGEST))
            upright = ImageOps.exif_transpose(photo)
            upright.thumbnail((_LONGEST, _LONGEST))
            if upright.mode not in ("RGB", "RGBA", "L"):
                upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            bare = Image.new(upright.mode, upright.size)
            bare.paste(upright)
            out = io.BytesIO()
            bare.save(out, wanted, quality=88)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("platform.photo_is_damaged", field="file") from error
    return out.getvalue()
