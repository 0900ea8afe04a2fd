"""Pages that change while one looks: the stamp by which a screen knows that there is something new.

A stamp is made of what this viewer may see, so a deed that is hidden from somebody moves nothing
for them: neither a word nor a moment of it reaches their screen (docs/adr/0028).
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

from serentak.kernel.codes import COUNTRY, PlaceCode, parse_code
from serentak.kernel.viewer import Viewer

from .access import View, may_open, viewer_of
from .changes import Changes
from .reading import keep_drawn, reading

STREAM = "serentak.stream"
"""What a view leaves in the request for the web process: the screen that is to be kept told."""

AGAIN = "serentak.again"
"""Marks a request that the web process repeats to see whether a screen may still be told."""

Stamp = Callable[..., tuple[Hashable, ...]]
"""`stamp(viewer=…, **parameters of the address)`: numbers and texts that differ whenever the page
would show something new to the viewer, apart from the time. It may depend on the viewer's grants,
not on who they are, and rests on its slice and those below in the province of its `place`.
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """A page that somebody looks at, and the stamp of what it shows."""

    path: str
    of: str
    place: PlaceCode
    viewer: Viewer
    make: Callable[[], str]
    stamp: str

    @property
    def key(self) -> Hashable:
        """Tell what a stamp holds for: the page and those with the same grants."""
        return self.path, self.viewer.system, self.viewer.grants


def live(stamp: Stamp) -> Callable[[View], View]:
    """Declare a page that changes while one looks.

    The view answers `request.htmx` with the part that changes. That answer says its stamp, and
    nothing but 304 where the screen has it already. As its stamp it depends on address, language,
    time and grants alone, so it bears no name and no token: one is drawn for all screens of a kind,
    which ask at the same moment. `stamp_of` tells the template of the whole page the stamp.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # The stamp comes first: what is new in between is fetched once too often, not missed.
            seen = _sealed(request.path, stamp(viewer=viewer_of(request), **kwargs))
            request.live_stamp = seen  # type: ignore[attr-defined]
            if not getattr(request, "htmx", False):
                whole = view(request, *args, **kwargs)
                patch_vary_headers(whole, ("HX-Request",))
                return whole

            def draw() -> str:
                part = view(request, *args, **kwargs)
                if not isinstance(part, HttpResponse) or part.status_code != HTTPStatus.OK:
                    raise TypeError("A live page answers with its part, or raises.")
                return part.text

            place = PlaceCode(kwargs.get("place", COUNTRY))
            question = (request.get_full_path(), seen, viewer_of(request))
            response = HttpResponse(keep_drawn(question, draw, of=stamp, place=place))
            patch_vary_headers(response, ("HX-Request",))
            response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
            answer = get_conditional_response(request, response["ETag"], None, response) or response
            answer["Live-Stamp"] = seen
            return answer

        run.stamp = stamp  # type: ignore[attr-defined]
        return run

    return declare


def stamp_of(request: HttpRequest) -> str:
    """Return the stamp of the live page that is asked for."""
    found: str = request.live_stamp  # type: ignore[attr-defined]
    return found


def screen(address: str, viewer: Viewer) -> Screen | None:
    """Return the live page at an address, None where there is none that the viewer may open."""
    try:
        path = urlsplit(address).path
        match = resolve(path)
    except (ValueError, Resolver404):  # what is no address at all raises ValueError
        return None
    stamp: Stamp | None = getattr(match.func, "stamp", None)
    if stamp is None or not may_open(viewer, path):
        return None

    def make() -> str:
        return _sealed(path, stamp(viewer=viewer, **match.kwargs))

    place = parse_code(match.kwargs["place"]) if "place" in match.kwargs else COUNTRY
    return Screen(path, stamp.__module__.split(".")[1], place, viewer, make, make())


def _sealed(path: str, facts: tuple[Hashable, ...]) -> str:
    """Return what tells two states apart and nothing else: it cannot be guessed from facts."""
    text = repr((path, facts)).encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()[:24]


class Watch:
    """Looks for all screens of a process at once; one thread calls it."""

    def __init__(self) -> None:
        # What is confided to few shows on their screens alone, and says of itself that it does not.
        self._changes = Changes(all_deeds=True)
        self._known: dict[Hashable, int] = {}

    def stamps(
        self, screens: Mapping[Hashable, Screen], anew: Collection[Hashable]
    ) -> dict[Hashable, str]:
        """Return the stamps that may have changed since the last call, and those of `anew`.

        One statement for all, and what a stamp asks for each kind of screen in whose province
        somebody did something. Raises DatabaseError where the database is away.
        """
        try:
            self._changes.look()
            found = {}
            for key, one in screens.items():
                revision = self._changes.revision(one.of, one.place)
                if key in anew or self._known.get(key) != revision:
                    with reading():
                        found[key] = one.make()
                self._known[key] = revision
            for key in self._known.keys() - screens.keys():
                del self._known[key]
            return found
        finally:
            connection.close()  # the pool lends it to others until the next look
