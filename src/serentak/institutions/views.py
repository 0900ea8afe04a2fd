"""Pages of the directory: who is there, who holds which office, who bears which role."""

from datetime import date
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web import formats
from serentak.platform.web.forms import form_page
from serentak.platform.web.heads import Head, head_of
from serentak.platform.web.pickers import picker_options
from serentak.platform.web.tables import Column, Table

from . import actions, queries
from .forms import (
    EndForm,
    HolderForm,
    JurisdictionForm,
    PasswordForm,
    PersonForm,
    RoleForm,
    SwitchForm,
)
from .permissions import (
    ASSIGN_ROLE,
    MANAGE_INSTITUTIONS,
    MANAGE_PEOPLE,
    NAME_HOLDER,
    VIEW_DIRECTORY,
)
from .queries import DirectoryLine, DirectoryPage, HeadLine, InstitutionCard


def _holder(row: DirectoryLine | HeadLine) -> str:
    return render_to_string("institutions/_holder.html", {"row": row})


def _people(row: DirectoryLine) -> str:
    return render_to_string("institutions/_people.html", {"row": row})


def _holder_column(heading: Any) -> Column[Any]:
    return Column(
        "holder",
        heading,
        lambda row: f"{row.holder.title}: {row.holder.name}" if row.holder else None,
        draw=_holder,
        is_wide=True,
    )


INSTITUTIONS: tuple[Column[DirectoryLine], ...] = (
    Column(
        "name",
        gettext_lazy("Institution"),
        lambda row: row.institution.name,
        link=lambda row: _url(row.institution.id),
    ),
    Column("kind", gettext_lazy("Kind"), lambda row: row.institution.kind_label, is_wide=True),
    _holder_column(gettext_lazy("Who heads it today")),
    Column(
        "people",
        gettext_lazy("People and roles"),
        lambda row: ", ".join(
            f"{p.name} ({', '.join(r.role_label for r in p.roles if r.holds) or '–'})"
            for p in row.people
        ),
        draw=_people,
        is_sortable=False,
        is_wide=True,
    ),
)

HEADS: tuple[Column[HeadLine], ...] = (
    Column(
        "place",
        gettext_lazy("Regency or city"),
        lambda row: row.place.full_name,
        link=lambda row: reverse("institutions:directory", args=[row.place.code]),
    ),
    _holder_column(gettext_lazy("Who governs it today")),
    Column(
        "contest",
        gettext_lazy("Candidate in"),
        lambda row: row.holder.contest if row.holder else None,
        is_wide=True,
    ),
    Column(
        "source",
        gettext_lazy("Source"),
        lambda row: row.holder.source if row.holder else None,
        is_wide=True,
    ),
)


def _url(institution_id: int) -> str:
    return reverse("institutions:institution", args=[institution_id])


@requires(VIEW_DIRECTORY)
def directory(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the institutions of a place with today's holders; `?sheet` is the sheet to print."""
    page = queries.directory(place, viewer=viewer_of(request), at=clock.now())
    if "sheet" in request.GET:
        head = _directory_head(page, _("Contact sheet of %(place)s"))
        context = {**head, "page": page}
        return render(request, "institutions/contacts.html", context)
    shown: dict[str, Any] = {}
    tables: tuple[Table[Any], ...] = (
        Table(
            name="heads",
            title=_("Who governs the regencies and cities today"),
            columns=HEADS,
            rows=page.heads,
            prefix="h-",
            is_searchable=False,
        ),
        Table(
            name="institutions",
            title=_("Institutions"),
            columns=INSTITUTIONS,
            rows=page.lines,
            page_size=100,
            group=lambda row: row.institution.family_label,
            empty=_("No institutions have been created here yet."),
        ),
    )
    for table in tables:
        bound = shown[table.name] = table.bind(request)
        if (answer := bound.answer(request)) is not None:
            return answer
    head = _directory_head(page, _("Institutions of %(place)s"))
    context = {**head, "page": page, "tables": shown}
    return render(request, "institutions/directory.html", context)


@requires(VIEW_DIRECTORY)
def institution(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Show an institution: its area, its people, who headed it when, what was changed."""
    viewer = viewer_of(request)
    page = queries.institution_page(institution_id, viewer=viewer, at=clock.now())
    card = page.institution
    is_own = queries.governs(queries.kinds().by_key[card.kind], viewer=viewer)
    context = {
        **head_of(
            page.path,
            (_("Institutions"), reverse("institutions:directory", args=[card.place])),
            whole="",
            title=card.name,
            here=card.short_name,
            facts=[
                card.kind_label,
                format_html('<span class="tag">{}</span>', _("decides for itself"))
                if card.independent
                else "",
            ],
        ),
        "page": page,
        "may_add": viewer.may(MANAGE_PEOPLE, card.place) and is_own,
        "may_assign": _in_all(viewer, ASSIGN_ROLE, card) and is_own,
        "may_name": bool(page.office) and viewer.may(NAME_HOLDER, card.place) and is_own,
        "may_set_area": _in_all(viewer, MANAGE_INSTITUTIONS, card),
    }
    return render(request, "institutions/institution.html", context)


def _in_all(viewer: Viewer, permission: Permission, card: InstitutionCard) -> bool:
    return all(viewer.may(permission, place) for place in (card.place, *card.places))


def _may_assign(viewer: Viewer, card: InstitutionCard) -> bool:
    kind = queries.kinds().by_key[card.kind]
    return _in_all(viewer, ASSIGN_ROLE, card) and queries.governs(kind, viewer=viewer)


@requires(MANAGE_PEOPLE)
def add_person(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Enter a person."""
    viewer = viewer_of(request)
    card = _card(institution_id, viewer, MANAGE_PEOPLE)
    roles = _roles(card) if _may_assign(viewer, card) else []
    return form_page(
        request,
        PersonForm(request.POST or None, roles=roles),
        lambda password, **given: actions.add_person(
            institution_id=institution_id, password=password or None, **given
        ),
        _head(card, _("Add a person")),
        done=_("The person was added."),
    )


@requires(MANAGE_PEOPLE)
def give_password(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give somebody a new password."""
    viewer = viewer_of(request)
    found = queries.account(person_id, viewer=viewer)
    card = _card(found.institution_id, viewer, MANAGE_PEOPLE)
    return form_page(
        request,
        PasswordForm(request.POST or None),
        partial(actions.give_password, person_id=person_id),
        _head(card, _("Give a new password"), found.person),
        done=_("The password was set."),
    )


@requires(MANAGE_PEOPLE)
def switch_account(request: HttpRequest, person_id: int) -> HttpResponse:
    """Close somebody's account, or open it again."""
    viewer = viewer_of(request)
    found = queries.account(person_id, viewer=viewer)
    card = _card(found.institution_id, viewer, MANAGE_PEOPLE)
    form = SwitchForm(request.POST or None, initial={"is_open": found.is_closed})
    opens = form.cleaned_data["is_open"] if form.is_valid() else found.is_closed
    switch = actions.open_account if opens else actions.close_account
    title = _("Open the account") if found.is_closed else _("Close the account")
    return form_page(
        request,
        form,
        lambda actor, at, **_given: switch(person_id=person_id, actor=actor, at=at),
        _head(card, title, found.person),
        done=_("The account was opened.") if opens else _("The account was closed."),
    )


@requires(ASSIGN_ROLE)
def assign_role(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Give somebody a role."""
    viewer = viewer_of(request)
    card = _card(institution_id, viewer, ASSIGN_ROLE)
    initial = {"from_date": _today()}
    return form_page(
        request,
        RoleForm(request.POST or None, roles=_roles(card), **_picker(viewer), initial=initial),
        lambda person, **given: actions.assign_role(
            person_id=int(person), institution_id=institution_id, **given
        ),
        _head(card, _("Assign a role")),
        done=_("The role was assigned."),
    )


@requires(ASSIGN_ROLE)
def end_role(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """End somebody's role."""
    viewer = viewer_of(request)
    found = queries.assignment(assignment_id, viewer=viewer)
    card = _card(found.institution_id, viewer, ASSIGN_ROLE)
    return form_page(
        request,
        EndForm(request.POST or None, initial={"to_date": _today()}),
        partial(actions.end_role, assignment_id=assignment_id),
        _head(card, _("End a role"), f"{found.person}, {found.what}"),
        done=_("The role was ended."),
    )


@requires(NAME_HOLDER)
def name_holder(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Record who holds the institution's office."""
    viewer = viewer_of(request)
    card = _card(institution_id, viewer, NAME_HOLDER)
    office = queries.office_title(institution_id)
    if not office:
        raise Http404
    return form_page(
        request,
        HolderForm(request.POST or None, **_picker(viewer)),
        lambda person, **given: actions.name_holder(
            institution_id=institution_id, person_id=int(person), **given
        ),
        _head(card, _("Name the holder of an office"), office),
        done=_("The holder was recorded."),
    )


@requires(NAME_HOLDER)
def end_holder(request: HttpRequest, holder_id: int) -> HttpResponse:
    """Record a holder's last day."""
    viewer = viewer_of(request)
    found = queries.term(holder_id, viewer=viewer)
    card = _card(found.institution_id, viewer, NAME_HOLDER)
    return form_page(
        request,
        EndForm(request.POST or None, initial={"to_date": _today()}),
        partial(actions.end_holder, holder_id=holder_id),
        _head(card, _("Record a holder's last day"), f"{found.what}: {found.person}"),
        done=_("The last day was recorded."),
    )


@requires(MANAGE_INSTITUTIONS)
def set_jurisdiction(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Set where the institution acts."""
    viewer = viewer_of(request)
    card = _card(institution_id, viewer, MANAGE_INSTITUTIONS)
    return form_page(
        request,
        JurisdictionForm(request.POST or None, initial={"places": card.places}),
        partial(actions.set_jurisdiction, institution_id=institution_id),
        _head(card, _("Set the area")),
        done=_("The area was set."),
    )


@requires(VIEW_DIRECTORY)
def people_options(request: HttpRequest) -> HttpResponse:
    """Answer the people whose name holds what was typed."""
    return picker_options(request, partial(queries.people_options, viewer=viewer_of(request)))


# --- parts


def _card(institution_id: int, viewer: Viewer, permission: Permission) -> InstitutionCard:
    """Return the institution if the viewer may do that at its seat; OutOfScope otherwise."""
    card = queries.institution_in_scope(institution_id, viewer=viewer)
    viewer.require(permission, card.place)
    return card


def _roles(card: InstitutionCard) -> list[tuple[str, str]]:
    return [(role.key, said(role.label)) for role in queries.roles_for(card)]


def _picker(viewer: Viewer) -> dict[str, Any]:
    return {
        "search": partial(queries.people_options, viewer=viewer),
        "find": partial(queries.person_option, viewer=viewer),
    }


def _today() -> date:
    return clock.local_date(clock.now())


def _head(card: InstitutionCard, title: str, about: str = "") -> dict[str, Any]:
    """Return the head of a page on which something of an institution is changed."""
    head = Head(
        steps=[(card.name, _url(card.id))],
        title=title,
        here=title,
        about=card.name,
        facts=[about or card.name],
    )
    return {"head": head, "button": _("Save")}


def _directory_head(page: DirectoryPage, whole: str) -> dict[str, Any]:
    day = _("Who is in office on %(day)s") % {"day": formats.day(page.day, "full")}
    area = (_("Institutions"), reverse("institutions:directory", args=[page.place.code]))
    return head_of([*page.path, page.place], area, whole=whole, facts=[day])
