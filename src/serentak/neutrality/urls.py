"""Routes of neutrality; those of a case name no place, since a place would tell where it is."""

from django.urls import path

from .views import case, coverage, overview

app_name = "neutrality"

_PLACE = "<place:place>/neutrality"
_CASE = "neutrality/cases/<uuid:key>"
_CIRCULAR = "neutrality/circulars/<uuid:key>"

urlpatterns = [
    path(_PLACE, overview.overview, name="overview"),
    path(f"{_PLACE}/cases", overview.case_list, name="cases"),
    path(f"{_PLACE}/follow-up", overview.follow_up, name="follow_up"),
    path(f"{_PLACE}/refer", case.refer, name="refer"),
    path(_CASE, case.case, name="case"),
    path(f"{_CASE}/reply", case.reply, name="reply"),
    path(f"{_CASE}/names", case.open_names, name="open_names"),
    path(f"{_CASE}/letter", case.write_to_authority, name="write_to_authority"),
    path(f"{_CASE}/<slug:event>", case.take_step, name="take_step"),
    path(f"{_PLACE}/circulars/issue", coverage.issue_circular, name="issue_circular"),
    path(_CIRCULAR, coverage.circular, name="circular"),
    path(
        f"{_CIRCULAR}/acknowledge/<int:agency_id>",
        coverage.acknowledge_circular,
        name="acknowledge_circular",
    ),
    path(f"{_PLACE}/pledges/import", coverage.import_pledges, name="import_pledges"),
    path(f"{_PLACE}/services", coverage.report_services, name="services"),
    path(f"{_PLACE}/replacements/record", coverage.record_replacement, name="record_replacement"),
]
