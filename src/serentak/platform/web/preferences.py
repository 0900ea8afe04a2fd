"""What a reader chooses for the screens: language and theme, each kept in a cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.views.decorators.http import require_POST

from serentak.platform.access import is_of_this_site, public

from .context import THEMES

_YEAR = 365 * 24 * 3600


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the screens and go back."""
    return _kept(
        request, "language", [code for code, _ in settings.LANGUAGES], settings.LANGUAGE_COOKIE_NAME
    )


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark and go back; a script does the same without a round trip."""
    return _kept(request, "theme", THEMES, settings.SERENTAK_THEME_COOKIE)


def next_page(request: HttpRequest, default: str = "/") -> str:
    """Return the page of this site named by `next`, else `default`."""
    wanted = request.POST.get("next", "")
    return wanted if is_of_this_site(request, wanted) else default


def _kept(
    request: HttpRequest, name: str, choices: list[str] | tuple[str, ...], cookie: str
) -> HttpResponse:
    value = request.POST.get(name, "")
    if value not in choices:
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(next_page(request))
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(cookie, value, max_age=_YEAR, samesite="Lax", secure=secure)
    return response
