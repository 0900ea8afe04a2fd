"""Meetings with their outcomes, actions, letters, guidance visits."""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from serentak.kernel.briefing import FigureClass
from serentak.kernel.status import Status
from serentak.platform.models import choices, digest, of_this_century

from .rules.minutes import OutcomeKind
from .rules.states import UNSETTLED, ActionState, LetterState, MeetingState


class AgendaKind(StrEnum):
    """From where a point of the agenda was drawn."""

    ALERT = "ALERT"
    ACTION = "ACTION"
    TEXT = "TEXT"


class Attendance(StrEnum):
    """Whether an invited institution came."""

    INVITED = "INVITED"
    PRESENT = "PRESENT"
    REPRESENTED = "REPRESENTED"
    ABSENT = "ABSENT"


class Meeting(models.Model):
    """A coordination meeting; `host` is in whose name it speaks: the head of the region, mostly.

    `client_key` is made by the page, so that a repeated click finds the first answer.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    theme = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    venue = models.CharField(max_length=200, blank=True)
    chair = models.CharField(max_length=200, blank=True)
    minutes = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=choices(MeetingState), default=MeetingState.PLANNED.value
    )
    held_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    figure_class = models.CharField(
        max_length=10, choices=choices(FigureClass), default=FigureClass.SOURCED.value
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "coordination_meeting"
        indexes = [models.Index(fields=["place", "-starts_at"], name="meeting_by_place")]
        constraints = [
            of_this_century("dates_of_a_meeting_are_of_this_century", "starts_at"),
            models.CheckConstraint(condition=~Q(theme=""), name="a_meeting_has_a_theme"),
            models.CheckConstraint(
                condition=Q(state=MeetingState.PLANNED, held_at__isnull=True)
                | (~Q(state=MeetingState.PLANNED) & Q(held_at__isnull=False)),
                name="a_meeting_that_was_held_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CLOSED) | Q(closed_at__isnull=False),
                name="a_closed_meeting_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.theme


class Invitation(models.Model):
    """An institution invited to a meeting, and whether it came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    attendance = models.CharField(
        max_length=12, choices=choices(Attendance), default=Attendance.INVITED.value
    )
    representative = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "coordination_invitation"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "institution"], name="an_institution_is_invited_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} at {self.meeting_id}"


class Guidance(models.Model):
    """A visit to guide or supervise a regent or mayor, and what was found."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    visitor = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    visited = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    visit_date = models.DateField()
    team = models.CharField(max_length=300, blank=True)
    findings = models.TextField()
    advice = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "coordination_guidance"
        indexes = [models.Index(fields=["place", "-visit_date"], name="guidance_by_place")]
        constraints = [
            of_this_century("dates_of_a_visit_are_of_this_century", "visit_date"),
            models.CheckConstraint(condition=~Q(findings=""), name="a_visit_has_findings"),
            models.CheckConstraint(
                condition=~Q(visitor=F("visited")), name="nobody_visits_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"visit to {self.visited_id} on {self.visit_date}"


class Outcome(models.Model):
    """One line of a meeting's minutes and what it means; never changed after."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="outcomes")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=choices(OutcomeKind))
    verb = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    owner = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_date = models.DateField(null=True)
    check_date = models.DateField(null=True)
    check_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="checks"
    )
    evidence_asked = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "coordination_outcome"
        constraints = [
            of_this_century("dates_of_an_outcome_are_of_this_century", "due_date", "check_date"),
            models.UniqueConstraint(
                fields=["meeting", "position"], name="outcomes_of_a_meeting_are_numbered"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="an_outcome_says_something"),
            models.CheckConstraint(
                condition=Q(kind=OutcomeKind.INFORMATION)
                | (
                    Q(owner__isnull=False, due_date__isnull=False)
                    & ~Q(verb="")
                    & (Q(check_date__isnull=False) | Q(check_meeting__isnull=False))
                ),
                name="a_decision_has_who_answers_a_due_date_and_a_check",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OutcomeKind.INFORMATION)
                | Q(owner__isnull=True, due_date__isnull=True, verb=""),
                name="information_asks_nothing_of_anybody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Action(models.Model):
    """What one institution asks of another by a day, and what became of it.

    `place` is where it must happen, `due_at` the end of the due date there, `done_date` the day
    there on which it was done last; `first_due_date` is the day promised first, where an accepted
    action was asked again for another. `acknowledge_by` and `verify_by` are by when an answer, and
    a look at what was done, are expected; `next_climb_at` is when the next step of the policy is
    due, `climbed_to` the last step taken. An action made from an alert keeps its code, parameters
    and link; one from a meeting its outcome. `text_en` says the same in English where the words
    are the catalogue's, so that letters stay Indonesian whoever asked.
    """

    client_key = models.UUIDField(unique=True, null=True)
    digest = digest()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    person = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=20)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    evidence_asked = models.CharField(max_length=300, blank=True)
    outcome = models.OneToOneField(
        Outcome, on_delete=models.PROTECT, null=True, related_name="action"
    )
    guidance = models.ForeignKey(
        Guidance, on_delete=models.PROTECT, null=True, related_name="actions"
    )
    alert_code = models.CharField(max_length=80, blank=True)
    alert_params = models.JSONField(default=dict)
    alert_link = models.CharField(max_length=300, blank=True)
    due_date = models.DateField()
    first_due_date = models.DateField(null=True)
    due_at = models.DateTimeField()
    check_date = models.DateField(null=True)
    state = models.CharField(
        max_length=12, choices=choices(ActionState), default=ActionState.OPEN.value
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    verify_by = models.DateTimeField(null=True)
    done_date = models.DateField(null=True)
    done_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_note = models.TextField(blank=True)
    evidence = models.ForeignKey(
        "platform.EvidenceFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    climbed_to = models.CharField(max_length=40, blank=True)
    next_climb_at = models.DateTimeField(null=True)
    for_minister_at = models.DateTimeField(null=True)
    figure_class = models.CharField(
        max_length=10, choices=choices(FigureClass), default=FigureClass.SOURCED.value
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "coordination_action"
        indexes = [
            # Everything that a briefing counts with, so that the heap is not read.
            models.Index(
                fields=["place"],
                include=[
                    "state",
                    "due_date",
                    "first_due_date",
                    "done_date",
                    "verify_by",
                    "asked_at",
                    "acknowledge_by",
                    "figure_class",
                ],
                name="action_by_place",
            ),
            models.Index(
                fields=["due_date"],
                condition=Q(state__in=[s.value for s in UNSETTLED]),
                name="unsettled_action_by_due_date",
            ),
            models.Index(
                fields=["next_climb_at"],
                condition=Q(next_climb_at__isnull=False),
                name="action_by_next_climb",
            ),
            models.Index(fields=["owner", "due_date"], name="action_by_owner"),
            models.Index(fields=["sender", "due_date"], name="action_by_sender"),
            models.Index(
                fields=["alert_link"], condition=~Q(alert_link=""), name="action_by_alert_link"
            ),
        ]
        constraints = [
            of_this_century(
                "dates_of_an_action_are_of_this_century",
                "due_date",
                "first_due_date",
                "due_at",
                "check_date",
                "done_date",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="an_action_says_what_to_do"),
            models.CheckConstraint(condition=~Q(sender=F("owner")), name="nobody_asks_of_oneself"),
            models.CheckConstraint(
                condition=Q(state__in=[ActionState.OPEN, ActionState.CANCELLED])
                | Q(acknowledged_at__isnull=False),
                name="an_answered_action_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ActionState.DONE, ActionState.VERIFIED])
                | (
                    Q(done_at__isnull=False, done_date__isnull=False)
                    & (~Q(done_note="") | Q(evidence__isnull=False))
                ),
                name="a_done_action_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(state=ActionState.VERIFIED, verified_at__isnull=False)
                | (~Q(state=ActionState.VERIFIED) & Q(verified_at__isnull=True)),
                name="a_verified_action_and_no_other_says_when",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | Q(done_by__isnull=True)
                | ~Q(verified_by=F("done_by")),
                name="who_verifies_is_not_who_did",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ActionState.REFUSED, ActionState.CANCELLED])
                | ~Q(reason=""),
                name="a_refused_or_cancelled_action_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(acknowledge_by__gte=F("asked_at")),
                name="who_is_asked_has_time_to_answer",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, verify_by__isnull=True)
                | Q(verify_by__isnull=False, verify_by__gte=F("done_at")),
                name="what_is_done_is_looked_at_by_a_day",
            ),
            models.CheckConstraint(
                condition=Q(next_climb_at__isnull=True) | Q(state__in=[s.value for s in UNSETTLED]),
                name="only_what_is_unsettled_climbs",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AgendaItem(models.Model):
    """A point of a meeting's agenda: an alert, an action that climbed, or free text.

    What the meeting did not reach is put off, with what was `said` of it; `carried_to` is the same
    point on a later agenda, None while it waits for one. `times_put_off` counts all its meetings.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=choices(AgendaKind))
    text = models.CharField(max_length=300, blank=True)
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, related_name="agenda_items"
    )
    alert_code = models.CharField(max_length=80, blank=True)
    alert_params = models.JSONField(default=dict)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    link = models.CharField(max_length=300, blank=True)
    severity = models.CharField(
        max_length=10, choices=choices(Status), default=Status.ON_TRACK.value
    )
    put_off_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=500, blank=True)
    times_put_off = models.PositiveSmallIntegerField(default=0)
    carried_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="carried_from"
    )

    class Meta:
        db_table = "coordination_agenda_item"
        indexes = [
            models.Index(
                fields=["put_off_at"],
                condition=Q(put_off_at__isnull=False, carried_to__isnull=True),
                name="point_that_waits_for_a_meeting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(put_off_at__isnull=False, times_put_off__gte=1)
                | Q(put_off_at__isnull=True, said="", carried_to__isnull=True),
                name="only_a_point_put_off_is_carried_on_with_what_was_said",
            ),
            models.CheckConstraint(
                condition=Q(carried_to__isnull=True) | ~Q(carried_to=F("pk")),
                name="a_point_is_not_carried_to_itself",
            ),
            models.CheckConstraint(
                condition=Q(kind=AgendaKind.ACTION, action__isnull=False)
                | (Q(kind=AgendaKind.ALERT) & ~Q(alert_code=""))
                | (Q(kind=AgendaKind.TEXT) & ~Q(text="")),
                name="a_point_of_the_agenda_has_its_matter",
            ),
            models.UniqueConstraint(
                fields=["meeting", "action"],
                condition=Q(action__isnull=False),
                name="an_action_stands_on_an_agenda_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of {self.meeting_id}"


class Letter(models.Model):
    """A letter drafted here; numbered and signed in the state's own systems, then marked as sent.

    Titles and names are those of the office's holders on the day of drafting.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="letters")
    verb = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField(default=0)
    ground = models.CharField(max_length=300, blank=True)
    sender = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    recipient = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    sender_title = models.CharField(max_length=200)
    sender_name = models.CharField(max_length=200, blank=True)
    recipient_title = models.CharField(max_length=200)
    recipient_name = models.CharField(max_length=200, blank=True)
    recipient_is_candidate = models.BooleanField(default=False)
    recipient_at = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=300)
    opening = models.TextField()
    points = models.JSONField(default=list)
    closing = models.TextField(blank=True)
    copies = models.JSONField(default=list)
    nature = models.CharField(max_length=40, default="Segera")
    enclosures = models.CharField(max_length=100, default="–")
    state = models.CharField(
        max_length=10, choices=choices(LetterState), default=LetterState.DRAFT.value
    )
    drafted_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField()
    number = models.CharField(max_length=100, blank=True)
    letter_date = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "coordination_letter"
        constraints = [
            of_this_century("dates_of_a_letter_are_of_this_century", "letter_date"),
            models.CheckConstraint(
                condition=(Q(verb="REPRIMAND", level__in=[1, 2]) & ~Q(ground=""))
                | (~Q(verb="REPRIMAND") & Q(level=0)),
                name="a_reprimand_has_a_level_and_a_legal_ground",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=LetterState.SENT, letter_date__isnull=False, sent_at__isnull=False
                )
                & ~Q(number="")
                | ~Q(state=LetterState.SENT) & Q(number="", letter_date__isnull=True),
                name="a_sent_letter_and_no_other_has_number_and_date",
            ),
            models.UniqueConstraint(
                fields=["action", "verb"],
                condition=Q(state=LetterState.DRAFT),
                name="an_action_has_one_draft_of_a_verb",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
