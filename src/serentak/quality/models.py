"""The day's scores of each place, what institutions answered, and when it became public."""

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, of_this_century, refers_to

from .rules.judging import LONGEST_REPLY, Hidden


class Score(models.Model):
    """What is known of an indicator at a place on a day; a hidden one has no numbers at all.

    `value` is in the indicator's unit, `scaled` from 0 (worst) to 1 (best). `quantiles` tell
    at `STEPS` what `scaled` may truly be. A day that is stored anew replaces its rows.
    """

    place = refers_to("places.Place")
    day = models.DateField()
    indicator = models.CharField(max_length=40)
    hidden = models.CharField(max_length=10, choices=choices(Hidden), blank=True)
    good = models.PositiveBigIntegerField(null=True)
    of = models.PositiveBigIntegerField(null=True)
    silent = models.PositiveBigIntegerField(null=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    scaled = models.FloatField(null=True)
    scaled_low = models.FloatField(null=True)
    scaled_high = models.FloatField(null=True)
    quantiles = models.JSONField(default=list)
    version = models.CharField(max_length=20)
    seed = models.PositiveBigIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "quality_score"
        constraints = [
            of_this_century("scores_are_of_this_century", "day"),
            models.UniqueConstraint(
                fields=["place", "day", "indicator"], name="a_place_has_one_score_a_day"
            ),
            models.CheckConstraint(
                condition=Q(hidden="", value__isnull=False, of__isnull=False)
                | (
                    ~Q(hidden="")
                    & Q(
                        good__isnull=True,
                        of__isnull=True,
                        silent__isnull=True,
                        value__isnull=True,
                        low__isnull=True,
                        high__isnull=True,
                        scaled__isnull=True,
                        quantiles=[],
                    )
                ),
                name="a_hidden_score_has_no_numbers",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(low__lte=F("value"), high__gte=F("value")),
                name="a_value_lies_in_its_interval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.place_id} on {self.day}"


class FlagRaised(models.Model):
    """A red flag that stood at a place on a day; how often is not kept."""

    place = refers_to("places.Place")
    day = models.DateField()
    flag = models.CharField(max_length=40)

    class Meta:
        db_table = "quality_flag"
        constraints = [
            of_this_century("flags_are_of_this_century", "day"),
            models.UniqueConstraint(
                fields=["place", "day", "flag"], name="a_flag_is_raised_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag} at {self.place_id} on {self.day}"


class Publication(models.Model):
    """How far a province's scores are on their way to the public.

    Institutions see their scores and may reply from `opened_at` to the end of `reply_until`; `day`
    is the stored day that is published, None before.
    """

    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="+")
    disputes_ended_date = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = refers_to("platform.User", null=True)
    reply_until = models.DateField()
    day = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = refers_to("platform.User", null=True)

    class Meta:
        db_table = "quality_publication"
        constraints = [
            of_this_century(
                "days_of_a_publication_are_of_this_century",
                "disputes_ended_date",
                "reply_until",
                "day",
            ),
            models.CheckConstraint(
                condition=Q(reply_until__gt=F("disputes_ended_date")),
                name="who_is_judged_has_time_to_reply",
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True, published_at__isnull=True)
                | Q(day__gte=F("reply_until"), published_at__isnull=False),
                name="what_is_published_is_of_a_day_after_the_replies",
            ),
        ]

    def __str__(self) -> str:
        return f"publication of {self.place_id}"


class Reply(models.Model):
    """What an institution answered to a score of its work at a place; the last word stands.

    The text is of an institution and is published beside the score.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    indicator = models.CharField(max_length=40)
    institution = refers_to("institutions.Institution")
    text = models.CharField(max_length=LONGEST_REPLY)
    replied_by = refers_to("platform.User", null=True)
    replied_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        db_table = "quality_reply"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_reply_says_something"),
            models.UniqueConstraint(
                fields=["place", "indicator", "institution"],
                condition=Q(is_current=True),
                name="an_institution_has_one_current_reply_to_a_score",
            ),
        ]

    def __str__(self) -> str:
        return f"reply of {self.institution_id} on {self.indicator} at {self.place_id}"
