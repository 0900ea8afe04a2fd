"""Which numbers of people a sentence must not hold: phones, and the identity numbers NIK and NIP.

A phone is told by its beginning, an identity number by its 16 or 18 digits; what is written like a
date, a span of hours or a number with its thousands apart is none.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Personal(StrEnum):
    """Kinds of numbers that lead to a person."""

    PHONE = "PHONE"
    IDENTITY = "IDENTITY"


@dataclass(frozen=True, slots=True)
class Found:
    """A number of a person as it was written."""

    kind: Personal
    number: str


_GAP = r"[ .()\-\u00a0\u2010-\u2015]{0,4}"
_START = r"(?<!\d)(?<!\d[.,])"
_HOUR = r"(?:[01]\d|2[0-3])[.:][0-5]\d"
_NO_NUMBER_OF_A_PERSON = re.compile(
    rf"""
    {_START}(?<!\d-)(?:
        \d{{4}}-\d\d-\d\d                                   # 2024-10-28
      | \d\d?([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d       # 28-10-2024
      | {_HOUR}\ ?[-\u2013]\ ?{_HOUR}                       # 08.00-10.00
    )(?!\d)(?![.-]\d)
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"(?<![\d+])(?<!\d[.,])[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?!\1?\d)")
_MOBILE = rf"8(?:{_GAP}\d){{8,11}}"
# An area has two or three digits after its 0, and a number there begins with neither 0 nor 1.
_LANDLINE = rf"[2-9]\d{{1,2}}{_GAP}[2-9](?:{_GAP}\d){{4,7}}"
_PHONE = re.compile(
    rf"(?:\+{_GAP}62{_GAP}(?:0{_GAP})?|\(?{_START}0)(?:{_MOBILE}|{_LANDLINE})(?!\d)"
)
_PHONE_ABROAD = re.compile(rf"{_START}62{_GAP}(?:0{_GAP})?{_MOBILE}(?!\d)")
_BORN = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(r"(?<!\d)(?:\d{18}|\d{16}|\d{4}(?: \d{4}){3}|\d{8} \d{6} \d \d{3})(?!\d)")
_SPACED = re.compile(r"(?<!\d)(?<!\d[.,-])\d+(?:([ .-])\d+(?:\1\d+)*)(?!\1?\d)")
# Region, day of birth (of women 40 is added to it), month, year, number.
_NIK = re.compile(r"\d{6}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}")
# Day of birth, month of appointment, sex, number.
_NIP = re.compile(rf"{_BORN}(?:19|20)\d\d(?:0[1-9]|1[0-2])[12]\d{{3}}")


def personal_number(text: str) -> Found | None:
    """Return the first number in a sentence that leads to a person, None if it holds none."""
    text = _NO_NUMBER_OF_A_PERSON.sub("·", text.replace("\u00a0", " "))
    if found := _PHONE.search(text):
        return Found(Personal.PHONE, found[0])
    text = _THOUSANDS.sub("·", text)
    if found := _IDENTITY.search(text):
        return Found(Personal.IDENTITY, found[0])
    for spaced in _SPACED.finditer(text):
        digits = re.sub(r"\D", "", spaced[0])
        if _NIK.fullmatch(digits) or _NIP.fullmatch(digits):
            return Found(Personal.IDENTITY, spaced[0])
    if found := _PHONE_ABROAD.search(text):
        return Found(Personal.PHONE, found[0])
    return None
