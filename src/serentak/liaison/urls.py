"""Routes of liaison."""

from django.urls import path

from . import views

app_name = "liaison"

_PLACE = "<place:place>/liaison"
_AID = "liaison/requests/<int:request_id>"

urlpatterns = [
    path(_PLACE, views.place, name="place"),
    path(f"{_PLACE}/contacts/new", views.add_contact, name="add_contact"),
    path("liaison/contacts/<int:contact_id>", views.edit_contact, name="edit_contact"),
    path("liaison/contacts/<int:contact_id>/remove", views.remove_contact, name="remove_contact"),
    path(f"{_PLACE}/assess", views.assess, name="assess"),
    path("liaison/assessments/<int:assessment_id>", views.assessment, name="assessment"),
    path(f"{_PLACE}/ask", views.ask, name="ask"),
    path(_AID, views.request, name="request"),
    path(f"{_AID}/promise", views.promise, name="promise"),
    path(f"{_AID}/refuse", views.refuse, name="refuse"),
    path(f"{_AID}/arrive", views.arrive, name="arrive"),
    path(f"{_AID}/withdraw", views.withdraw, name="withdraw"),
    path(f"{_PLACE}/crimes/new", views.enter_crime, name="enter_crime"),
    path("liaison/crimes/<int:crime_id>", views.crime, name="crime"),
    path("liaison/crimes/<int:crime_id>/move", views.move_crime, name="move_crime"),
]
