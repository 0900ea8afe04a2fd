"""Routes of logistics."""

app_name = "logistics"
urlpatterns: list[object] = []
