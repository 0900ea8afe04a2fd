"""What text may hold: letters, marks and lines; no signs that hide, turn around or end it."""

import re
import unicodedata

from .refused import Refused

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls but tab and line breaks
    "\u200b\u200e\u200f\u2060\ufeff"  # no width, marks of direction, no break, byte order
    "\u202a-\u202e\u2066-\u2069"  # what turns a text around (UAX 9)
    "\ud800-\udfff\ufffe\uffff]"  # what no encoding writes
)
_IN_NAMES = " .,'’`-–/()&+:\"°"
_BREAKS = re.compile("\r\n?|\u0085|\u2028|\u2029")


def clean(text: str) -> str:
    """Return a text without hidden signs, composed (NFC), its lines ended by a line feed.

    No database stores U+0000 in text; signs that turn text around let a sentence read otherwise
    than it is.
    """
    return unicodedata.normalize("NFC", _HIDDEN.sub("", _BREAKS.sub("\n", text)))


def check_length(text: str, *, most: int, field: str) -> None:
    """Refuse more letters than are kept, or a NUL; nothing written is cut off in silence."""
    if len(text) > most or "\0" in text:
        raise Refused("platform.text_is_too_long", field=field, most=most, length=len(text))


def is_name(text: str) -> bool:
    """Tell whether a text can be printed as a name: a letter, and no picture or tag in it."""
    return any(sign.isalpha() for sign in text) and all(
        unicodedata.category(sign)[0] in "LMN" or sign in _IN_NAMES for sign in text
    )


def says_something(text: str) -> bool:
    """Tell whether a reason holds a word at all: three letters, not a dash or a number."""
    return sum(sign.isalpha() for sign in text) >= 3


def one_line(text: str) -> str:
    """Return a text as one line: cleaned, each run of white space one space, none at its ends."""
    return " ".join(clean(text).split())
