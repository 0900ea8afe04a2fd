"""Refusals, events and stored choices of the slice in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from serentak.platform.catalogue import load, said
from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules import HolderStatus

REFUSALS = {
    **dict.fromkeys(
        (
            "dates_of_a_role_are_of_this_century",
            "dates_of_a_holder_are_of_this_century",
        ),
        NOT_OF_THIS_CENTURY,
    ),
    "institutions.jurisdiction_is_empty": _("An institution must act in at least one place."),
    "institutions.place_is_no_province": _(
        "%(place)s is no province. A province's code has two digits, such as 16."
    ),
    "institutions.place_is_unknown": _("There is no place with the code %(places)s."),
    "institutions.roles_reach_outside": _(
        "Roles that still hold reach into %(places)s. End or narrow them first."
    ),
    "institutions.name_is_empty": _("Write the person's name."),
    "institutions.role_is_unknown": _("There is no role %(role)s."),
    "institutions.role_does_not_fit": _("This role cannot sit in %(institution)s."),
    "institutions.people_of_this_body_are_its_own": _(
        "%(institution)s decides for itself: only its own people enter people, roles, accounts "
        "and holders in it."
    ),
    "institutions.person_has_no_account": _("%(person)s has no account."),
    "institutions.end_before_start": _("The last day lies before the first day."),
    "institutions.role_outside_jurisdiction": _(
        "%(places)s lies outside the area of %(institution)s. Choose places inside it."
    ),
    "institutions.person_is_unknown": _("Choose a person from the list."),
    "institutions.person_has_this_role": _(
        "%(person)s has this role in those days already. End it first."
    ),
    "institutions.role_has_ended": _("This role ended on %(to_date)s."),
    "institutions.institution_has_no_office": _("%(institution)s has no office to hold."),
    "institutions.source_is_missing": _("Say where this is known from: decree, letter or press."),
    "institutions.holders_overlap": _(
        "%(person)s holds the office from %(from_date)s to %(to_date)s. End that first, or "
        "choose other days."
    ),
    "institutions.holder_has_ended": _("This holder left office on %(to_date)s."),
    "institutions.offices_have_holders": _("Offices of %(province)s have holders already."),
    "a_place_seats_one_institution_of_a_kind": _(
        "An institution of this kind is seated there already."
    ),
    "a_jurisdiction_names_a_place_once": _("A place is named twice."),
    "a_person_has_a_name": _("Write the person's name."),
    "a_role_ends_after_it_starts": _("The last day lies before the first day."),
    "a_person_bears_a_role_once_at_a_time": _("The person has this role already."),
    "a_role_names_a_place_once": _("A place is named twice."),
    "a_holder_ends_after_the_start": _("The last day lies before the first day."),
    "a_holder_has_a_known_status": _("Choose a status from the list."),
    "a_candidate_and_only_a_candidate_names_a_contest": _(
        "Name the race for a candidate, and only for a candidate."
    ),
    "an_office_has_one_holder_at_a_time": _("Somebody else holds the office in those days."),
}

EVENTS = {
    "institutions.InstitutionsCreated": _("%(count)s institutions created"),
    "institutions.JurisdictionSet": _("Area set"),
    "institutions.PersonAdded": _("%(full_name)s entered"),
    "institutions.PasswordGiven": _("New password for %(full_name)s"),
    "institutions.AccountClosed": _("Account of %(full_name)s closed"),
    "institutions.AccountOpened": _("Account of %(full_name)s opened again"),
    "institutions.RoleAssigned": _("Role %(role)s given to %(full_name)s from %(from_date)s"),
    "institutions.RoleEnded": _("Role %(role)s of %(full_name)s ends on %(to_date)s"),
    "institutions.HolderNamed": _("%(full_name)s recorded as holder (%(status)s)"),
    "institutions.HolderEnded": _("%(full_name)s leaves office on %(to_date)s"),
    "institutions.HoldersRecorded": _("%(count)s holders of office recorded"),
}

HOLDER_STATUS = {
    HolderStatus.DEFINITIVE: _("definitive"),
    HolderStatus.PJ: _("acting, the term being vacant (Pj.)"),
    HolderStatus.PJS: _("acting, while head and deputy campaign (Pjs.)"),
    HolderStatus.PLT: _("deputy in charge (Plt.)"),
    HolderStatus.PLH: _("daily charge (Plh.)"),
}


def _event_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write role and status as their labels; who it is about is told on the institution's page."""
    shown: dict[str, Any] = {"full_name": _("a person"), **facts}
    if "role" in shown:
        label = load("institutions", "roles", _role_labels).get(str(shown["role"]))
        shown["role"] = said(label) if label else shown["role"]
    if "status" in shown:
        shown["status"] = HOLDER_STATUS.get(HolderStatus(shown["status"]), shown["status"])
    return shown


def _role_labels(data: Any) -> Mapping[str, Mapping[str, str]]:
    return {key: role["label"] for key, role in data["roles"].items()}


EVENT_FACTS = dict.fromkeys(EVENTS, _event_facts)
"""How the facts of an event are written in an activity list, where no name is shown."""
