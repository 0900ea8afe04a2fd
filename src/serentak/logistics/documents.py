"""Paper that goes with loads: the record of a hand-over, and what goes into a station's boxes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode
from serentak.logistics.queries import catalogues
from serentak.logistics.queries.catalogues import custody
from serentak.logistics.queries.loads import Load, LoadLine
from serentak.logistics.queries.needs import needs_at
from serentak.logistics.queries.place import things
from serentak.logistics.rules.needs import What
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.documents import dots, pdf
from serentak.platform.web import formats

TEMPLATE = Path(__file__).parent / "load.typ"
PACKING = Path(__file__).parent / "packing.typ"
_BLANK = "……………………"


def load_pdf(
    load: Load,
    lines: Sequence[LoadLine],
    seals: Mapping[str, bool | None],
    *,
    link: str,
    is_drill: bool,
) -> bytes:
    """Return the record: to be filled in and signed, or as it was counted; the same bytes again."""
    data = _data(load, lines, seals, link, is_drill=is_drill)
    return pdf(TEMPLATE, data | {"code": dots(link)})


def _data(
    load: Load,
    lines: Sequence[LoadLine],
    seals: Mapping[str, bool | None],
    link: str,
    *,
    is_drill: bool,
) -> dict[str, Any]:
    origin, destination = PlaceCode(load.origin.place_id), PlaceCode(load.destination.place_id)
    names = {code: card.full_name for code, card in places.places([origin, destination]).items()}
    zone = places.zone_of(destination).key
    election = elections.current_election(origin)
    leg = custody().legs.get(load.leg)
    invented = _("(INVENTED DATA)")

    def moment(value: Any) -> str:
        return formats.moment(value, zone, "paper") if value else _BLANK

    def amount(value: int | None) -> str:
        return "" if value is None else formats.number(value)

    giver = load.origin.keeper.name if load.origin.keeper else names[origin]
    taker = load.destination.keeper.name if load.destination.keeper else names[destination]
    name = election.name if election else ""
    return {
        "language": get_language() or "id",
        "title": _("RECORD OF HAND-OVER"),
        "subtitle": f"{name} {invented}" if is_drill else name,
        "facts": [
            (_("Load"), load.number),
            (_("Record number"), load.record_number or _BLANK),
            (pgettext("of a load", "From"), f"{giver} ({names[origin]})"),
            (pgettext("of a load", "To"), f"{taker} ({names[destination]})"),
            (_("Way"), said(leg.name) if leg else ""),
            (_("Vehicle or boat"), load.vehicle or _BLANK),
            (_("Escort"), load.escort or _BLANK),
            (_("To arrive by"), moment(load.due_at)),
            (_("Left"), moment(load.departed_at)),
            (_("Received"), moment(load.received_at)),
        ],
        "headings": [
            _("Item"), _("Lot"), pgettext("pieces", "Shipped"), pgettext("pieces", "Accepted"),
            pgettext("pieces", "Rejected"), pgettext("pieces", "Missing"), _("Reason"),
        ],
        "rows": [
            [
                catalogues.what_text(line.what),
                line.lot,
                amount(line.shipped),
                amount(line.accepted),
                amount(line.rejected),
                amount(line.missing),
                said(custody().reasons[line.reason].name)
                if line.reason in custody().reasons
                else "",
            ]
            for line in lines
        ],
        "sum": _("Shipped = accepted + rejected + missing; a zero is written as 0."),
        "seals_title": _("Seals"),
        "seals": ", ".join(_seal(seal, is_read=read) for seal, read in seals.items()) or "–",
        "remark_title": _("Remark"),
        "remark": load.remark or _BLANK,
        "paper": _("The paper signed by hand prevails over the screen."),
        "scan": _("Open on a phone to receive this load"),
        "link": link,
        "signatures": [
            (_("Who gives"), giver),
            (_("Who takes"), load.receiver_name or taker),
            (_("Supervisor"), ""),
            (_("Police"), ""),
        ],
        "page": _("Page"),
    }  # fmt: skip


def _seal(number: str, *, is_read: bool | None) -> str:
    lacks = _("not found so")
    return f"{number} ({lacks})" if is_read is False else number


def packing_pdf(place: PlaceCode, *, is_drill: bool) -> bytes | None:
    """Return a page for each station at or under a place: what goes in, with a square to tick.

    None where no list was taken over or no station lies there. The same bytes again.
    """
    needs = needs_at(place, Level.STATION)
    election = elections.current_election(place)
    if not needs or election is None:
        return None
    cards = places.places(sorted(needs))
    above = {PlaceCode(code[:n]) for code in needs for n in (Level.VILLAGE, Level.DISTRICT)}
    names = {code: card.full_name for code, card in places.places(sorted(above)).items()}
    order = {what: number for number, what in enumerate(things())}
    invented = _("(INVENTED DATA)")
    return pdf(
        PACKING,
        {
            "language": get_language() or "id",
            "title": _("PACKING LIST OF A STATION"),
            "subtitle": f"{election.name} {invented}" if is_drill else election.name,
            "headings": [
                _("Item"),
                pgettext("pieces", "Needed"),
                _("Unit"),
                _("Packed"),
                _("Counted"),
            ],
            "stations": [
                {
                    "name": ", ".join(
                        [
                            cards[code].full_name,
                            names[PlaceCode(code[: Level.VILLAGE])],
                            names[PlaceCode(code[: Level.DISTRICT])],
                        ]
                    ),
                    "code": code,
                    "rows": [
                        [catalogues.what_text(what), formats.number(amount), _unit(what)]
                        for what, amount in sorted(need.items(), key=lambda one: order[one[0]])
                    ],
                }
                for code, need in sorted(needs.items())
            ],
            "seals": _("Seals"),
            "signatures": [_("Who packed it"), _("Who checked it")],
            "paper": _("Tick what was packed and write what was counted; a zero is written as 0."),
            "page": _("Page"),
        },
    )  # fmt: skip


def _unit(what: What) -> str:
    known = catalogues.item(what.item)
    return catalogues.unit_text(known) if known else ""
