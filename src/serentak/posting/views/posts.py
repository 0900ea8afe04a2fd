"""Posts: listed, told one by one or from a sheet, closed; the sheet out has the columns of in."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.sheets import Problem, SheetRow
from serentak.platform.web.formats import number
from serentak.platform.web.forms import form_page, pressed, seen_version
from serentak.platform.web.imports import Held, ImportView, Outlook, Taken
from serentak.platform.web.tables import Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD
from serentak.posting import actions, forms, importers
from serentak.posting.permissions import CALL_ROLL, KEEP_POSTS, VIEW_POSTING
from serentak.posting.queries import posts as queries
from serentak.posting.queries.posts import PostRow, kinds_kept, posts_of, sees_posts
from serentak.posting.rules import PostKind
from serentak.posting.words import KINDS

from .heads import check_regency, head, posts_crumb

POSTS: tuple[Column[Any], ...] = (
    Column("name", gettext_lazy("Post"), lambda r: r.name,
           link=lambda r: reverse("posting:post", args=[r.pk]), order=("name",)),
    Column("kind", gettext_lazy("Kind"), lambda r: str(KINDS[PostKind(r.kind)]), order=("kind",),
           is_brief=False),
    Column("place", gettext_lazy("Stands in"), lambda r: r.place.name, order=("place",)),
    Column("serves", gettext_lazy("Serves"),
           lambda r: ", ".join(row.place.name for row in r.regions.all()), is_sortable=False,
           is_wide=True),
    Column("officers", gettext_lazy("Officers"), lambda r: r.officers, Kind.NUMBER,
           order=("officers",)),
    Column("shifts", gettext_lazy("Shifts"), lambda r: r.shifts, Kind.NUMBER, order=("shifts",),
           is_brief=False),
    Column("vehicles", gettext_lazy("Vehicles"), lambda r: r.vehicles, Kind.NUMBER,
           order=("vehicles",), is_brief=False),
    Column("boats", gettext_lazy("Boats"), lambda r: r.boats, Kind.NUMBER, order=("boats",),
           is_brief=False),
    Column("phone", gettext_lazy("Phone of the office"), lambda r: r.phone, order=("phone",)),
    Column("lat", gettext_lazy("Latitude"), lambda r: r.lat, Kind.NUMBER, places=5,
           is_sortable=False, is_shown=False),
    Column("lon", gettext_lazy("Longitude"), lambda r: r.lon, Kind.NUMBER, places=5,
           is_sortable=False, is_shown=False),
    Column("as_of", gettext_lazy("As of"), lambda r: r.as_of, Kind.DAY, order=("as_of",),
           is_brief=False),
    Column("class", gettext_lazy("Class"),
           lambda r: FIGURE_CLASS_WORD[FigureClass(r.figure_class)], is_sortable=False,
           is_brief=False),
)  # fmt: skip


@requires(VIEW_POSTING)
def posts(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """List the posts of a regency for who sees them."""
    check_regency(place)
    viewer = viewer_of(request)
    if not sees_posts(viewer, place):
        raise Http404
    table: Table[Any] = Table(
        name="posts",
        title=_("Posts"),
        columns=POSTS,
        rows=posts_of(place),
        search_fields=("name__icontains", "place__name__icontains"),
        page_size=50,
        folds=True,
        empty=_("Nobody has told of a post here yet."),
    )
    bound = table.bind(request)
    if (answer := bound.answer(request)) is not None:
        return answer
    context = {
        **head(place, _("Posts")),
        "posts": bound,
        "may_keep": viewer.may(KEEP_POSTS, place),
        "may_call": viewer.may(CALL_ROLL, place),
    }
    return render(request, "posting/posts.html", context)


def _choices(place: PlaceCode) -> list[tuple[str, str]]:
    """Return a regency and its districts, by name."""
    own = places.place(place)
    districts = places.descendants(place, Level.DISTRICT)
    return [(own.code, own.full_name), *((card.code, card.name) for card in districts)]


@requires(KEEP_POSTS)
def new_post(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Tell of a new post."""
    check_regency(place)
    kinds = list(kinds_kept(viewer_of(request), place))
    form = forms.PostForm(
        request.POST or None, kinds=kinds, places=_choices(place), initial={"version": 0}
    )
    context = head(place, _("Tell of a post"), "", posts_crumb(place))
    return form_page(request, form, actions.save_post, context, done=_("The post was told."))


@requires(VIEW_POSTING)
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Show a post; who keeps it changes it."""
    found, viewer = _seen(request, post_id), viewer_of(request)
    regency = at_level(PlaceCode(found.place_id), Level.REGENCY)
    is_own = PostKind(found.kind) in kinds_kept(viewer, PlaceCode(found.place_id))
    initial = {
        name: getattr(found, name)
        for name in (
            "kind", "name", "officers", "shifts", "vehicles", "boats", "phone", "lat", "lon",
            "as_of", "version",
        )
    }  # fmt: skip
    initial |= {
        "place": found.place_id,
        "serves": [row.place_id for row in found.regions.all()],
    }
    kinds = kinds_kept(viewer, regency) if is_own else [PostKind(found.kind)]
    form = forms.PostForm(
        request.POST or None, kinds=list(kinds), places=_choices(regency), initial=initial
    )
    context: dict[str, Any] = {
        **head(regency, found.name, KINDS[PostKind(found.kind)], posts_crumb(regency)),
        "button": _("Save"),
        "post": found,
        "is_own": is_own and not found.is_closed,
    }
    if not context["is_own"]:
        context["is_read_only"] = True
        for field in form.fields.values():
            field.disabled = True
    act = partial(actions.save_post, post_id=post_id)
    done = _("The post was changed.")
    return form_page(request, form, act, context, done=done, template="posting/post.html")


def _seen(request: HttpRequest, post_id: int) -> PostRow:
    found, viewer = queries.post(post_id), viewer_of(request)
    if found is None or level_of(PlaceCode(found.place_id)) < Level.REGENCY:
        raise Http404
    place = PlaceCode(found.place_id)
    if not viewer.may(VIEW_POSTING, place) or not sees_posts(viewer, place):
        raise Http404
    return found


@requires(KEEP_POSTS)
@require_POST
def close(request: HttpRequest, post_id: int) -> HttpResponse:
    """Say that a post is no more."""
    found = _seen(request, post_id)
    regency = at_level(PlaceCode(found.place_id), Level.REGENCY)
    act = partial(actions.close_post, post_id=post_id, version=seen_version(request))
    to = reverse("posting:posts", args=[regency])
    back = reverse("posting:post", args=[post_id])
    return pressed(request, act, done=_("The post was closed."), to=to, back=back)


class PostsImport(ImportView):
    """Tells of the posts that a sheet lists; one that is known is told anew."""

    title = gettext_lazy("Posts from a sheet")
    about = gettext_lazy(
        "A row for each post: its name, such as Polsek Sungai Menang, and how many officers. A "
        "post that is known already is told anew."
    )
    columns = importers.COLUMNS

    @property
    def place(self) -> PlaceCode:
        """Of which regency."""
        return PlaceCode(self.kwargs["place"])

    def check_access(self) -> None:
        """Exist for who keeps posts there."""
        check_regency(self.place)
        if not kinds_kept(self.viewer, self.place):
            raise Http404

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Name what is wrong in all rows."""
        read = self._read(rows)
        if not read.posts and not read.problems:
            return [Problem(None, None, "posting.sheet_is_empty")]
        kinds = kinds_kept(self.viewer, self.place)
        foreign = [
            Problem(one.row, "kind", "posting.post_is_of_another")
            for one in read.posts
            if one.kind not in kinds
        ]
        far = [
            Problem(one.row, "lat", "posting.point_lies_elsewhere")
            for one in read.posts
            if not queries.is_near(one)
        ]
        return [*read.problems, *foreign, *far]

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say how many posts with how many officers are told."""
        found = self._read(rows).posts
        return [
            Outlook(_("Posts"), number(len(found))),
            Outlook(_("Officers"), number(sum(one.officers for one in found))),
        ]

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return the posts that are known, else one for each district."""
        known = [
            {
                "name": row.name,
                "kind": str(KINDS[PostKind(row.kind)]),
                "district": row.place.name,
                "serves": ", ".join(region.place.name for region in row.regions.all()),
                "officers": str(row.officers),
                "shifts": str(row.shifts),
                "vehicles": str(row.vehicles),
                "boats": str(row.boats),
                "phone": row.phone,
                "lat": "" if row.lat is None else str(row.lat),
                "lon": "" if row.lon is None else str(row.lon),
            }
            for row in posts_of(self.place)
        ]
        if known:
            return known
        own = places.place(self.place)
        return [
            {"name": f"Polres {own.name}", "district": own.name},
            *(
                {"name": f"Polsek {card.name}", "district": card.name}
                for card in places.descendants(self.place, Level.DISTRICT)
            ),
        ]

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Tell of all posts."""
        posted = self._read(rows).posts
        count = actions.import_posts(posts=posted, actor=self.viewer, at=clock.now())
        text = ngettext("%(n)s post was told.", "%(n)s posts were told.", count)
        path = reverse("posting:posts", args=[self.place])
        return Taken(path, text % {"n": number(count)})

    def context(self) -> Mapping[str, Any]:
        """Show the place."""
        return head(self.place, self.title, "", posts_crumb(self.place))

    def _read(self, rows: Sequence[SheetRow]) -> importers.Read:
        own = places.place(self.place)
        districts = places.descendants(self.place, Level.DISTRICT)
        return importers.read_posts(rows, importers.Places.of(own, districts))


import_posts = requires(KEEP_POSTS)(PostsImport.as_view())
