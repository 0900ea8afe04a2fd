"""Routes of the readiness of a place."""

from django.urls import path

from serentak.platform.access import requires

from . import views
from .permissions import REPORT_PROGRESS

app_name = "readiness"

_ONE = "<place:place>/readiness/<slug:key>"

urlpatterns = [
    path("<place:place>/report", views.report, name="report"),
    path("<place:place>/report/sheet", views.report_sheet, name="report_sheet"),
    path(
        "<place:place>/report/import",
        requires(REPORT_PROGRESS)(views.ReportImport.as_view()),
        name="import_reports",
    ),
    path("<place:place>/targets", views.agree, name="agree"),
    path("<place:place>/activities", views.set_up, name="set_up"),
    path("<place:place>/forecast", views.forecast, name="forecast"),
    path("<place:place>/forecast/try", views.try_scenario, name="try"),
    path("<place:place>/forecast/shocks", views.shock_list, name="shocks"),
    path("<place:place>/forecast/shocks/note", views.note_shock, name="note_shock"),
    path("<place:place>/forecast/shocks/<slug:shock>", views.shock_chance, name="shock_chance"),
    path(
        "<place:place>/forecast/shocks/<slug:shock>/forget",
        views.forget_shock,
        name="forget_shock",
    ),
    path("readiness/tried/<int:scenario_id>", views.one_scenario, name="scenario"),
    path("readiness/tried/<int:scenario_id>/adopt", views.adopt, name="adopt"),
    path("<place:place>/readiness", views.readiness, name="place"),
    path("<place:place>/readiness/plan.xlsx", views.plan_sheet, name="plan_sheet"),
    path("<place:place>/readiness/calendar.ics", views.calendar, name="calendar"),
    path(_ONE, views.activity, name="activity"),
    path(f"{_ONE}/propose", views.propose, name="propose"),
    path(f"{_ONE}/move", views.move, name="move"),
    path(f"{_ONE}/drop", views.drop, name="drop"),
    path(f"{_ONE}/reinstate", views.reinstate, name="reinstate"),
]
