"""Routes of security; those of an incident name no place, since a place would tell where it is."""

from django.urls import path

from .views import incident, place, report

app_name = "security"

_PLACE = "<place:place>/security"
_INCIDENT = "security/incidents/<uuid:key>"

urlpatterns = [
    path(_PLACE, place.overview, name="overview"),
    path(f"{_PLACE}/incidents", place.incident_list, name="incidents"),
    path(f"{_PLACE}/report", report.report, name="report"),
    path(f"{_PLACE}/duty", place.duty, name="duty"),
    path(f"{_PLACE}/duty/plan", place.plan_duty, name="plan_duty"),
    path("security/duty/<int:duty_id>/cancel", place.cancel_duty, name="cancel_duty"),
    path(_INCIDENT, incident.incident, name="incident"),
    path(f"{_INCIDENT}/photos/<uuid:evidence_id>", incident.photo, name="photo"),
    path(f"{_INCIDENT}/<slug:step>", incident.take_step, name="step"),
]
