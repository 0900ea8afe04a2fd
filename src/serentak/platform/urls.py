"""Routes of the platform: evidence, health, language."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "platform"

urlpatterns = [
    path("evidence/<uuid:evidence_id>", views.evidence, name="evidence"),
]
