"""Place codes in URLs."""

from serentak.kernel.codes import PlaceCode, parse_code


class PlaceConverter:
    """Matches a province's, regency's, district's, village's or station's code."""

    regex = r"\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4}(?:\.\d{3})?)?)?)?"

    def to_python(self, value: str) -> PlaceCode:
        """Return the code; ValueError becomes 404."""
        return parse_code(value)

    def to_url(self, value: str) -> str:
        """Return the code as it is."""
        return value
