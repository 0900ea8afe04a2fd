"""Routes of the platform: evidence, health, language, theme, streams, demonstration accounts."""

from django.urls import path

from . import views
from .web import demo, health, kit, preferences

app_name = "platform"

urlpatterns = [
    path("health", health.health, name="health"),
    path("kit", kit.kit, name="kit"),
    path("kit/options", kit.kit_options, name="kit_options"),
    path("kit/import", kit.kit_import, name="kit_import"),
    path("language", preferences.choose_language, name="choose_language"),
    path("theme", preferences.choose_theme, name="choose_theme"),
    path("sign-in/demo", demo.sign_in_to_demo, name="sign_in_to_demo"),
    path("live", views.stream, name="stream"),
    path("evidence/<uuid:evidence_id>", views.evidence, name="evidence"),
]
