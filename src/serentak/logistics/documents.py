"""The record of a hand-over (berita acara serah terima) as PDF, with a code that opens its page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from serentak.elections import public as elections
from serentak.kernel.codes import PlaceCode
from serentak.logistics.queries import catalogues
from serentak.logistics.queries.catalogues import custody
from serentak.logistics.queries.loads import Load, LoadLine
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.documents import pdf
from serentak.platform.web import formats

TEMPLATE = Path(__file__).parent / "load.typ"
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
    code = segno.make(link, error="m", micro=False)
    return pdf(TEMPLATE, data | {"code": [list(row) for row in code.matrix]})


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
        "seals": ", ".join(seals) or "–",
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
