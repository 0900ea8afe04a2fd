"""What the stores of a story received, as shares of what they need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Countdown, above_zero


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came to a store on a day: by item (`ballot-box:GOVERNOR`) the share of its need."""

    place: PlaceCode
    day: Countdown
    reference: str
    shares: Mapping[str, Annotated[float, above_zero]]


@dataclass(frozen=True, slots=True)
class Stocked:
    """The day on which needs were taken over, and what came."""

    needs: Countdown
    deliveries: tuple[Delivery, ...]
