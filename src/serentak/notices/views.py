"""Notifications of the one who is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from serentak.platform import clock
from serentak.platform.access import signed_in, viewer_of

from . import actions, queries


@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """Show what one was told; sent, everything counts as read."""
    viewer = viewer_of(request)
    if request.method == "POST":
        actions.mark_notifications_read(actor=viewer, at=clock.now())
        return redirect("notices:notifications")
    return render(request, "notices/notifications.html", {"told": queries.notifications(viewer)})
