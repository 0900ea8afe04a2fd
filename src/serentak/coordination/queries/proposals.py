"""What is proposed to whoever asks because of an alert: act, who answers, by when, which copies."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.translation import get_language, override

from serentak.coordination.models import Action
from serentak.coordination.rules.letters import CopyRule
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, Verb
from serentak.kernel.acts import Act, Acts, Proposal
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.entries import LANGUAGES
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from serentak.kernel.workdays import add_working_days
from serentak.places import public as places
from serentak.platform import areas
from serentak.platform.catalogue import load_each
from serentak.platform.holidays import holidays

from .asking import today_at
from .follow_up import holder_of
from .settings import letter_patterns

WORKING_DAYS = 3
"""How long somebody has where neither target nor last day lies ahead."""


def proposal_of(
    alert: Alert, *, place: PlaceCode | None, speaker: InstitutionCard | None, at: datetime
) -> Proposal | None:
    """Return what an alert asks for in the name of `speaker`, None where nobody said.

    What an agency or district head of a regency has to do is asked of its regent or mayor, who
    orders it: a governor gives them no directive.
    """
    part = areas.part_of(alert.code)
    if part is None:
        return None
    found = (
        part.proposes(alert, place=place, at=at) if part.proposes else plain_proposal(alert, place)
    )
    if found is None:
        return None
    today = today_at(found.place, at)
    if found.due_date is None or found.due_date <= today:
        day = add_working_days(today, WORKING_DAYS, holidays=holidays())
        found = replace(found, due_date=day)
    return _from_above(found, speaker, at=at) if speaker else found


def facts_of(row: Action, *, at: datetime) -> tuple[str, ...]:
    """Return what a letter about an action made from an alert says before it asks, as of now."""
    part = areas.part_of(row.alert_code) if row.alert_code else None
    if part is None or part.proposes is None:
        return ()
    place = PlaceCode(row.place_id)
    alert = Alert(
        code=row.alert_code,
        place=place,
        severity=Status.AT_RISK,
        due_date=None,
        link=row.alert_link,
        press=Press(),
        params=row.alert_params,
    )
    found = part.proposes(alert, place=place, at=at)
    return found.facts if found else ()


def act_of(code: str, params: Mapping[str, object]) -> Act | None:
    """Return the act of an alert, or of what it tells to be in trouble; None where none is said."""
    acts = load_each("acts", Acts).get(code.partition(".")[0], Acts())
    return acts.alerts.get(code) or acts.acts.get(str(params.get("key")))


def plain_proposal(alert: Alert, place: PlaceCode | None) -> Proposal | None:
    """Return what the slice's acts say of an alert, filled with what the alert tells."""
    act = act_of(alert.code, alert.params)
    if act is None:
        return None
    told: object = alert.params.get("codes")
    codes = tuple(PlaceCode(code) for code in told) if isinstance(told, list | tuple) else ()
    where = place if place in codes else (codes[0] if codes else alert.place)
    kind = act.owner.get(level_of(where))
    seat = at_level(where, Level.PROVINCE) if act.from_above else where
    owner = institutions.institution_by(kind, seat) if kind else None
    said = {}
    for language in LANGUAGES:
        with override(language):
            card = places.places([where]).get(where)
            name = card.full_name if card else where
        said[language] = act.said(language, {**_values(alert.params, language), "place": name})
    return Proposal(
        act=said,
        evidence=act.evidence,
        place=where,
        owner_id=owner.id if owner else None,
        due_date=alert.due_date,
        help=act.help,
        who_else=act.who_else,
        places=codes if len(codes) > 1 else (),
    )


def _values(params: Mapping[str, object], language: str) -> dict[str, str]:
    """Return an alert's words, whose numbers are written as the reader's language does."""
    swap = (get_language() or "id")[:2] != language
    separators = str.maketrans(".,", ",.")
    return {
        key: value.translate(separators) if swap and re.fullmatch(r"[\d.,]+", value) else value
        for key, value in params.items()
        if isinstance(value, str)
    }


def _from_above(found: Proposal, speaker: InstitutionCard, *, at: datetime) -> Proposal:
    owner = institutions.institution(found.owner_id) if found.owner_id else None
    if (
        owner is None
        or speaker.family != "HEAD_OF_REGION"
        or owner.family not in ("OWN_AGENCY", "VILLAGE")
        or Verb.DIRECTIVE in (verbs := institutions.verbs_of(speaker, owner))
        or Verb.INSTRUCTION in verbs
        or level_of(owner.place) < Level.REGENCY
    ):
        return found
    head = institutions.institution_by("REGENT", at_level(owner.place, Level.REGENCY))
    if head is None or head.id == speaker.id:
        return found
    offices = {}
    for language in LANGUAGES:
        with override(language):
            offices[language] = title_of(institutions.institutions([owner.id])[owner.id], at=at)
    act = {
        "id": f"memerintahkan {offices['id']} untuk {found.act['id']}",
        "en": f"order the {offices['en']} to {found.act['en']}",
    }
    return replace(found, act=act, owner_id=head.id)


def title_of(card: InstitutionCard, *, at: datetime) -> str:
    """Return to whom one writes, in the reader's language: the head with the status of today.

    An agency's head with the place's name; the institution's name where its office has no title.
    """
    holder = holder_of(card, at=at)
    title = holder.title if holder else institutions.office_title(card.id) or card.name
    where = places.places([card.place]).get(card.place)
    if card.family != "OWN_AGENCY" or where is None or where.name in title:
        return title
    return f"{title} {where.full_name}"


def copies_of(
    sender: InstitutionCard, recipient: InstitutionCard, verb: str, *, at: datetime
) -> tuple[str, ...]:
    """Return who gets a copy of a letter, by how the two stand to each other; Indonesian."""
    found: list[str] = []
    with override("id"):
        for rule in letter_patterns().copies:
            if not rule.fits(verb, recipient.kind, recipient.family):
                continue
            if rule.text:
                found.append(rule.text)
            elif card := _copied(rule, sender, recipient):
                found.append(title_of(card, at=at))
    return tuple(dict.fromkeys(found))


def _copied(
    rule: CopyRule, sender: InstitutionCard, recipient: InstitutionCard
) -> InstitutionCard | None:
    """Return whom a rule names, None if there is nobody, or only sender or recipient."""
    where = recipient.place
    if rule.above:
        if level_of(where) < Level.PROVINCE:
            return None
        where = at_level(where, Level.PROVINCE)
    card = institutions.institution_by(rule.kind or recipient.kind, where)
    return card if card and card.id not in (sender.id, recipient.id) else None
