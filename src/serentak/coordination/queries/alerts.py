"""Alerts on their way through a page's address or a form: signed, so that nobody invents one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core import signing
from django.urls import reverse

from serentak.institutions import public as institutions
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode, parse_code
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform.web.formats import number

from .follow_up import ActionCard

_SALT = "coordination.alert"


def signed(alert: Alert) -> str:
    """Return an alert as text for an address or a hidden field.

    A restricted alert hides what is made from it: whoever may ask must not choose that by hand.
    """
    said: dict[str, Any] = {
        "code": alert.code,
        "place": alert.place,
        "severity": alert.severity.value,
        "link": alert.link,
        "due": alert.due_date.isoformat() if alert.due_date else "",
        # As stored: dates and the like become text.
        "params": json.loads(json.dumps(dict(alert.params), default=str)),
    }
    return signing.dumps(said, salt=_SALT, compress=True)


@dataclass(frozen=True, slots=True)
class Letters:
    """How many letters an alert of several places or owners has, of how many; who is next.

    `url` writes the next one, empty once each has its own. `is_for_place` says that `name` is a
    place, whose owner is addressed, and not the addressee.
    """

    written: int
    of: int
    name: str = ""
    url: str = ""
    is_for_place: bool = False


def letters_of(
    alerts: Iterable[Alert], made: Mapping[str, Sequence[ActionCard]]
) -> Mapping[str, Letters]:
    """Return the letters of each alert of several places, or of owners, by its link; two queries.

    An alert names its parts as `codes` of places or as `owners` with their counts. An action says
    in its parameters which part it was made for; `made` are the unsettled ones by link.
    """
    several = {
        alert.link: alert
        for alert in alerts
        if alert.params.get("owners") or len(_parts(alert.params)) > 1
    }
    left = {link: _left(alert, made.get(link, ())) for link, alert in several.items()}
    nexts = {link: parts[0] for link, parts in left.items() if parts}
    names: dict[int | str, str] = {}
    if codes := [part for part in nexts.values() if isinstance(part, str)]:
        cards = places.places([PlaceCode(code) for code in codes])
        names |= {code: card.full_name for code, card in cards.items()}
    if ids := [part for part in nexts.values() if isinstance(part, int)]:
        names |= {id: card.name for id, card in institutions.institutions(ids).items()}
    return {
        link: Letters(
            written=len(_parts(alert.params)) - len(left[link]),
            of=len(_parts(alert.params)),
            name=_named(alert, nexts[link], names) if link in nexts else "",
            url=_page(for_part(alert, nexts[link])) if link in nexts else "",
            is_for_place=isinstance(nexts.get(link), str),
        )
        for link, alert in several.items()
    }


def for_part(alert: Alert, part: int | str) -> Alert:
    """Return an alert as it concerns one of its places or owners, with their count."""
    params = dict(alert.params)
    if isinstance(part, str):
        return replace(alert, params={**params, "where": part})
    owners: Any = params["owners"]
    theirs = [list(item) for item in owners if item[0] == part]
    return replace(alert, params={**params, "owners": theirs, "count": number(theirs[0][1])})


def _page(alert: Alert) -> str:
    page = f"{reverse('coordination:give', args=[alert.place])}?alert={signed(alert)}"
    where = alert.params.get("where")
    return f"{page}&where={where}" if where else page


def _named(alert: Alert, part: int | str, names: Mapping[int | str, str]) -> str:
    """Return the name of a place, or of an owner with how much they owe."""
    name = names.get(part, "")
    return name if isinstance(part, str) else f"{name} ({for_part(alert, part).params['count']})"


def _parts(params: Mapping[str, Any]) -> list[int | str]:
    owners = params.get("owners")
    return [id for id, _count in owners] if owners else list(params.get("codes") or ())


def _left(alert: Alert, made: Sequence[ActionCard]) -> list[int | str]:
    """Return the parts for which nothing was made yet."""
    done = set()
    for card in made:
        where, owners = card.alert_params.get("where"), card.alert_params.get("owners")
        done.add(where or (owners[0][0] if owners else card.place))
    return [part for part in _parts(alert.params) if part not in done]


def read_signed(text: str) -> Alert | None:
    """Return the alert that `signed` wrote, None if it is not from here."""
    try:
        said = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return Alert(
        code=said["code"],
        place=parse_code(said["place"]),
        severity=Status(said["severity"]),
        due_date=date.fromisoformat(said["due"]) if said.get("due") else None,
        link=said["link"],
        press=Press(),
        params=said["params"],
    )
