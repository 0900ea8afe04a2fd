"""Routes of contingency."""

from django.urls import path

from . import views

app_name = "contingency"

_PLAN = "<place:place>/contingency/<slug:plan>"
_RUN = "contingency/runs/<int:run_id>"

urlpatterns = [
    path("<place:place>/contingency", views.place, name="place"),
    path(_PLAN, views.plan, name="plan"),
    path(f"{_PLAN}/start", views.start, name="start"),
    path(_RUN, views.run, name="run"),
    path(f"{_RUN}/end", views.end, name="end"),
    path(f"{_RUN}/stop", views.stop, name="stop"),
    path(f"{_RUN}/steps/<int:n>/done", views.done, name="done"),
    path(f"{_RUN}/steps/<int:n>/undo", views.undo, name="undo"),
    path(f"{_RUN}/steps/<int:n>/drop", views.drop, name="drop"),
]
