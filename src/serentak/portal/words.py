"""Words of the public pages; sentences are worded where the reports are."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "portal.province_is_unknown": _("There is no province %(place)s whose election is set up."),
}
