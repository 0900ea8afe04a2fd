"""Routes of facilities."""

from django.urls import path

from .views import checks, defects, place

app_name = "facilities"

_PLACE = "<place:place>/facilities"

urlpatterns = [
    path(_PLACE, place.place, name="place"),
    path("facilities/defects/<int:defect_id>", defects.defect, name="defect"),
    path("facilities/defects/<int:defect_id>/promise", defects.promise, name="promise"),
    path("facilities/defects/<int:defect_id>/mend", defects.mend, name="mend"),
    path("facilities/defects/<int:defect_id>/dispute", defects.dispute, name="dispute"),
    path("facilities/defects/<int:defect_id>/move", defects.move, name="move"),
    path(f"{_PLACE}/<slug:checklist>", place.checklist, name="checklist"),
    path(f"{_PLACE}/<slug:checklist>/check", checks.check, name="check"),
    path(f"{_PLACE}/<slug:checklist>/import", checks.import_checks, name="import_checks"),
]
