"""Routes of posting."""

from django.urls import path

from .views import place, plans, posts, reserve, roll

app_name = "posting"

_PLACE = "<place:place>/posting"
_PLAN = "posting/plans/<int:plan_id>"
_SENT = "posting/reinforcements/<int:reinforcement_id>"

urlpatterns = [
    path(_PLACE, place.place, name="place"),
    path(f"{_PLACE}/patterns/<slug:station_class>", place.pattern, name="pattern"),
    path(f"{_PLACE}/patterns/<slug:station_class>/drop", place.drop_pattern, name="drop_pattern"),
    path(f"{_PLACE}/strength", place.force, name="force"),
    path(f"{_PLACE}/share", place.share, name="share"),
    path(f"{_PLACE}/reinforce", place.reinforce, name="reinforce"),
    path(f"{_PLACE}/moves", place.propose_moves, name="propose_moves"),
    path(f"{_SENT}/<slug:event>", place.step_reinforcement, name="step_reinforcement"),
    path(f"{_PLACE}/posts", posts.posts, name="posts"),
    path(f"{_PLACE}/posts/new", posts.new_post, name="new_post"),
    path(f"{_PLACE}/posts/import", posts.import_posts, name="import_posts"),
    path("posting/posts/<int:post_id>", posts.post, name="post"),
    path("posting/posts/<int:post_id>/close", posts.close, name="close_post"),
    path(f"{_PLACE}/solve", plans.solve, name="solve"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}/propose", plans.propose, name="propose"),
    path(f"{_PLAN}/return", plans.give_back, name="return"),
    path(f"{_PLAN}/adopt", plans.adopt, name="adopt"),
    path(f"{_PLAN}/drop", plans.drop, name="drop"),
    path(f"{_PLAN}/sheets.pdf", plans.sheets, name="sheets"),
    path(f"{_PLACE}/roll", roll.roll, name="roll"),
    path("posting/posts/<int:post_id>/roll", roll.call, name="call"),
    path(f"{_PLACE}/reserve", reserve.reserve, name="reserve"),
    path(f"{_PLACE}/reserve/send", reserve.send, name="send"),
    path("posting/moves/<int:move_id>/back", reserve.back, name="back"),
]
