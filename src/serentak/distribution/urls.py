"""Routes of distribution."""

from django.urls import path

from .views import place, plans, vehicles, ways

app_name = "distribution"

_PLACE = "<place:place>/distribution"
_PLAN = "distribution/plans/<int:plan_id>"

urlpatterns = [
    path(_PLACE, place.place, name="place"),
    path(f"{_PLACE}/vehicles/add", vehicles.offer, name="offer"),
    path("distribution/vehicles/<int:vehicle_id>", vehicles.vehicle, name="vehicle"),
    path(f"{_PLACE}/way", ways.tell, name="tell_way"),
    path(f"{_PLACE}/block", ways.block, name="block_way"),
    path("distribution/ways/<int:leg_id>/open", ways.unblock, name="unblock_way"),
    path("distribution/ways/<int:leg_id>/forget", ways.forget, name="forget_way"),
    path(f"{_PLACE}/draft", plans.draft, name="draft"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}/arrange", plans.arrange, name="arrange"),
    path(f"{_PLAN}/routes/<int:route_id>/departure", plans.departure, name="departure"),
    path(f"{_PLAN}/improve", plans.improve, name="improve"),
    path(f"{_PLAN}/take-over", plans.take_over, name="take_over"),
    path(f"{_PLAN}/drop", plans.drop, name="drop"),
    path(f"{_PLAN}/adopt", plans.adopt, name="adopt"),
    path(f"{_PLAN}/sheets.pdf", plans.sheets, name="sheets"),
]
