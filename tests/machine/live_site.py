"""The web process with one live page more, which shows the deeds that are open to everybody."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serentak.config.settings")

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from serentak.config.wsgi import entry
from serentak.kernel.viewer import Viewer
from serentak.platform.access import requires
from serentak.platform.live import live
from serentak.platform.models import AuditEvent
from serentak.platform.permissions import VIEW_EVIDENCE

__all__ = ["entry"]
settings.ROOT_URLCONF = __name__


def shown(*, place: str, viewer: Viewer) -> tuple[int]:
    """Count the deeds that may be seen."""
    events = AuditEvent.objects.filter(name="places.ExternalCodeSet", facts__body="OPEN")
    return (events.filter(place__startswith=place).count(),)


shown.__module__ = "serentak.places.queries"


@requires(VIEW_EVIDENCE)
@live(shown)
def page(request: HttpRequest, place: str) -> HttpResponse:
    """Show how many deeds there are."""
    return HttpResponse(f"{shown(place=place, viewer=request.viewer)[0]} deeds")  # type: ignore[attr-defined]


urlpatterns = [path("seen/<place:place>", page), path("", include("serentak.config.urls"))]
