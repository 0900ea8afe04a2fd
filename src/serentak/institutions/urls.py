"""Routes of the directory."""

from django.urls import path

from . import views

app_name = "institutions"

urlpatterns = [
    path("<place:place>/directory", views.directory, name="directory"),
    path("institutions/people", views.people_options, name="people_options"),
    path("institutions/<int:institution_id>", views.institution, name="institution"),
    path("institutions/<int:institution_id>/person", views.add_person, name="add_person"),
    path("institutions/<int:institution_id>/role", views.assign_role, name="assign_role"),
    path("institutions/<int:institution_id>/holder", views.name_holder, name="name_holder"),
    path("institutions/<int:institution_id>/area", views.set_jurisdiction, name="set_area"),
    path("people/<int:person_id>/password", views.give_password, name="give_password"),
    path("people/<int:person_id>/account", views.switch_account, name="switch_account"),
    path("roles/<int:assignment_id>/end", views.end_role, name="end_role"),
    path("holders/<int:holder_id>/end", views.end_holder, name="end_holder"),
]
