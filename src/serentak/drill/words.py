"""Scenes in words: refusals and events."""

from django.utils.translation import gettext_lazy

REFUSALS = {
    "drill.scene_is_unknown": gettext_lazy("There is no scene “%(scene)s”. Scenes are: %(known)s."),
    "drill.this_is_no_demonstration": gettext_lazy(
        "A scene is invented, so it is loaded in a demonstration only. Use serentak demo."
    ),
    "drill.clock_goes_forward": gettext_lazy(
        "The clock goes forward only, by 1 to %(most)s hours at once."
    ),
    "drill.another_scene_is_loaded": gettext_lazy(
        "The data of scene “%(loaded)s” are there already. To show “%(scene)s” in their place, "
        "start the demonstration with --fresh."
    ),
}

EVENTS = {
    "drill.SceneLoaded": gettext_lazy("Scene %(scene)s loaded (SYNTHETIC)"),
    "drill.ClockMoved": gettext_lazy("The demonstration's clock went on by %(hours)s hours"),
}
