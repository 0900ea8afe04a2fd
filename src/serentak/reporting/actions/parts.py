"""What every action on a report asks first: whose desk, which report, which words."""

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode, parent_of
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.audit import About
from serentak.reporting import words
from serentak.reporting.models import DailyReport, Sentence
from serentak.reporting.permissions import ACCEPT_DAILY_REPORT, WRITE_DAILY_REPORT
from serentak.reporting.rules.personal import Personal, personal_number
from serentak.reporting.rules.states import EDITABLE, ReportState

MOST_LETTERS = 1200
MOST_OF_A_RECEIPT = 200
MOST_OF_A_REASON = 2000


def _desk(place: PlaceCode, actor: Viewer, permission: Permission) -> int | None:
    """Return the actor's desk of that very place; the desk above may read, never write.

    OutOfScope where the actor has none. The system acts for no institution.
    """
    actor.require(permission, place)
    desks = institutions.voices(actor, permission)
    if not desks.act_at(place):
        raise OutOfScope(permission, place)
    desk = desks.at(place)
    return desk.id if desk else None


def _desk_above(
    place: PlaceCode, actor: Viewer, *, of_own: Permission = ACCEPT_DAILY_REPORT
) -> tuple[int | None, bool]:
    """Return the actor's desk that accepts a place's reports, and whether it is the place's own.

    `of_own` is asked for where the desk above is outside the house.
    """
    above = parent_of(place)
    if above is None:
        raise OutOfScope(ACCEPT_DAILY_REPORT, place)
    if actor.system or actor.may(ACCEPT_DAILY_REPORT, above):
        return _desk(above, actor, ACCEPT_DAILY_REPORT), False
    if parent_of(above) is None:
        return _desk(place, actor, of_own), True
    raise OutOfScope(ACCEPT_DAILY_REPORT, place)


def _about(report: DailyReport, institution_id: int | None) -> About:
    return {
        "subjects": (f"daily_report:{report.pk}",),
        "place": PlaceCode(report.place_id),
        "institution_id": institution_id,
    }


def _role_in(institution_id: int | None, actor: Viewer) -> str:
    """Return the role in which somebody signs for their desk: who leads it signs as its head."""
    own = [
        grant
        for grant in actor.grants
        if grant.institution_id == institution_id and WRITE_DAILY_REPORT in grant.permissions
    ]
    own.sort(key=lambda grant: ACCEPT_DAILY_REPORT not in grant.permissions)
    return own[0].role if own else ""


def _locked(report_id: int) -> DailyReport:
    """Return a report, locked; OutOfScope where there is none."""
    report = DailyReport.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise OutOfScope("daily report", report_id)
    return report


def _sentence(sentence_id: int) -> Sentence:
    """Return a sentence with its report, the report locked first."""
    report_id = Sentence.objects.filter(pk=sentence_id).values_list("report_id", flat=True).first()
    if report_id is None:
        raise Refused("reporting.sentence_is_gone")
    report = _locked(report_id)
    sentence = report.sentences.filter(pk=sentence_id).first()
    if sentence is None:
        raise Refused("reporting.sentence_is_gone")
    sentence.report = report
    return sentence


def _check_editable(report: DailyReport) -> None:
    state = ReportState(report.state)
    if state is ReportState.ACCEPTED:
        raise Refused("reporting.report_is_locked")
    if state not in EDITABLE:
        raise Refused("reporting.report_is_submitted")


def _check_seen(report: DailyReport, seen_revision: int | None) -> None:
    if seen_revision is not None and report.revision != seen_revision:
        raise Conflict("reporting.report_changed")


def _checked(text: str, *, may_be_empty: bool = False) -> str:
    """Return a sentence as it is stored; refused without words or with a person's number."""
    text = _one_line(text, field="text", most=MOST_LETTERS)
    if not text and not may_be_empty:
        raise Refused("reporting.text_is_missing", field="text")
    _check_personal(text, field="text")
    return text


def _one_line(text: str, *, field: str, most: int) -> str:
    """Return words as one line; refused where it is too long."""
    text = one_line(text)
    check_length(text, most=most, field=field)
    return text


def _check_personal(text: str, *, field: str | None = None) -> None:
    """Refuse words that hold a number which leads to a person."""
    if found := personal_number(text):
        code = {
            Personal.PHONE: "reporting.text_holds_a_phone_number",
            Personal.IDENTITY: "reporting.text_holds_an_identity_number",
        }[found.kind]
        raise Refused(code, field=field, number=found.number)


def _words_of(sentence: Sentence) -> str:
    return words.said_text(sentence.said)


def _touch(report: DailyReport) -> None:
    report.revision += 1
    report.save(update_fields=["revision"])
