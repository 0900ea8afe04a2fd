"""Routes of security."""

app_name = "security"
urlpatterns: list[object] = []
