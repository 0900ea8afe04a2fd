"""Contradictions: one row for what differs, and a log that stays as it was written."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import serentak.reporting.rules.differing

KEEP = """
CREATE FUNCTION reporting_keep_contradiction_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a step of a contradiction stays as it was written'
    USING ERRCODE = 'integrity_constraint_violation',
          CONSTRAINT = 'a_step_of_a_contradiction_stays_as_written';
END $$;
CREATE TRIGGER contradiction_steps_stay BEFORE UPDATE OR DELETE ON reporting_contradiction_step
  FOR EACH ROW EXECUTE FUNCTION reporting_keep_contradiction_steps();
"""
FREE = """
DROP TRIGGER contradiction_steps_stay ON reporting_contradiction_step;
DROP FUNCTION reporting_keep_contradiction_steps();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("elections", "0002_dates_are_of_this_century"),
        ("institutions", "0003_dates_are_of_this_century"),
        ("places", "0001_tree_of_places"),
        ("reporting", "0011_a_desk_keeps_its_own_chat_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("check_key", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=120)),
                ("about", models.JSONField(default=dict)),
                ("a", models.JSONField()),
                ("b", models.JSONField()),
                ("a_link", models.CharField(max_length=300)),
                ("b_link", models.CharField(max_length=300)),
                ("amount", models.FloatField()),
                ("strength", models.FloatField(help_text="base x log10(10 + amount)")),
                ("near", models.DateField(null=True)),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                (
                    "figure_class",
                    models.CharField(
                        choices=[
                            ("SOURCED", "SOURCED"),
                            ("ASSUMED", "ASSUMED"),
                            ("SYNTHETIC", "SYNTHETIC"),
                        ],
                        default="SOURCED",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("ACKNOWLEDGED", "ACKNOWLEDGED"),
                            ("ANSWERED", "ANSWERED"),
                            ("SETTLED", "SETTLED"),
                            ("GONE", "GONE"),
                        ],
                        default="OPEN",
                        max_length=12,
                    ),
                ),
                ("differs", models.BooleanField(default=True)),
                ("opened_at", models.DateTimeField()),
                ("answer_by_at", models.DateTimeField()),
                ("settle_by_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("proof", models.CharField(blank=True, max_length=200)),
                (
                    "used",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("NEITHER", "NEITHER")],
                        max_length=7,
                    ),
                ),
                ("settled_alone", models.BooleanField(default=False)),
                ("settled_values", models.JSONField(default=list)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reopened", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "a_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "b_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="elections.election",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "reporting_contradiction",
            },
        ),
        migrations.CreateModel(
            name="ContradictionStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ACKNOWLEDGE", "ACKNOWLEDGE"),
                            ("ANSWER", "ANSWER"),
                            ("SETTLE", "SETTLE"),
                            ("REOPEN", "REOPEN"),
                            ("CHANGE", "CHANGE"),
                            ("VANISH", "VANISH"),
                            ("COME_BACK", "COME_BACK"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("ACKNOWLEDGED", "ACKNOWLEDGED"),
                            ("ANSWERED", "ANSWERED"),
                            ("SETTLED", "SETTLED"),
                            ("GONE", "GONE"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=700)),
                ("a", models.JSONField()),
                ("b", models.JSONField()),
                ("is_in_time", models.BooleanField(null=True)),
                ("taken_at", models.DateTimeField()),
                (
                    "contradiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="reporting.contradiction",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "reporting_contradiction_step",
            },
        ),
        migrations.AddIndex(
            model_name="contradiction",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            serentak.reporting.rules.differing.ContradictionState["ACKNOWLEDGED"],
                            serentak.reporting.rules.differing.ContradictionState["ANSWERED"],
                            serentak.reporting.rules.differing.ContradictionState["OPEN"],
                        ],
                    )
                ),
                fields=["place"],
                name="open_contradictions",
            ),
        ),
        migrations.AddIndex(
            model_name="contradiction",
            index=models.Index(fields=["place", "-ended_at"], name="contradiction_by_end"),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.UniqueConstraint(
                fields=("election", "check_key", "place", "subject"),
                name="two_sides_differ_once_on_a_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "opened_at__range",
                        (
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                            datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    (
                        "answer_by_at__range",
                        (
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                            datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    (
                        "settle_by_at__range",
                        (
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                            datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    (
                        "ended_at__range",
                        (
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                            datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                ),
                name="moments_of_a_contradiction_are_of_this_century",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("near__range", (datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)))
                ),
                name="a_contradiction_is_near_in_this_century",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("strength__gt", 0)),
                name="a_contradiction_has_a_weight",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_by_at__gt", models.F("opened_at")),
                    ("settle_by_at__gte", models.F("answer_by_at")),
                ),
                name="an_answer_is_due_before_the_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", serentak.reporting.rules.differing.ContradictionState["SETTLED"]),
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("used", ""), _negated=True),
                        models.Q(("settled_values", []), _negated=True),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "state",
                                serentak.reporting.rules.differing.ContradictionState["SETTLED"],
                            ),
                            _negated=True,
                        ),
                        ("reason", ""),
                        ("settled_by", None),
                        ("used", ""),
                    ),
                    _connector="OR",
                ),
                name="a_settled_contradiction_and_no_other_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("differs", True),
                        ("ended_at", None),
                        (
                            "state__in",
                            [
                                serentak.reporting.rules.differing.ContradictionState[
                                    "ACKNOWLEDGED"
                                ],
                                serentak.reporting.rules.differing.ContradictionState["ANSWERED"],
                                serentak.reporting.rules.differing.ContradictionState["OPEN"],
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "state__in",
                                [
                                    serentak.reporting.rules.differing.ContradictionState[
                                        "ACKNOWLEDGED"
                                    ],
                                    serentak.reporting.rules.differing.ContradictionState[
                                        "ANSWERED"
                                    ],
                                    serentak.reporting.rules.differing.ContradictionState["OPEN"],
                                ],
                            ),
                            _negated=True,
                        ),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="what_has_ended_and_nothing_else_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", serentak.reporting.rules.differing.ContradictionState["GONE"]),
                        _negated=True,
                    ),
                    ("differs", False),
                    _connector="OR",
                ),
                name="what_is_gone_differs_no_more",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state",
                            serentak.reporting.rules.differing.ContradictionState["ANSWERED"],
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        ("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="an_answered_contradiction_has_an_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by", None),
                    ("settled_alone", True),
                    models.Q(
                        models.Q(
                            ("a_by", None),
                            models.Q(("a_by", models.F("settled_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("b_by", None),
                            models.Q(("b_by", models.F("settled_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="who_settles_did_not_enter_a_side",
            ),
        ),
        migrations.AddIndex(
            model_name="contradictionstep",
            index=models.Index(fields=["contradiction", "-taken_at"], name="step_by_contradiction"),
        ),
        migrations.AddIndex(
            model_name="contradictionstep",
            index=models.Index(fields=["taken_at"], name="contradiction_step_by_time"),
        ),
        migrations.AddConstraint(
            model_name="contradictionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "taken_at__range",
                        (
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                            datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    )
                ),
                name="a_step_of_a_contradiction_is_of_this_century",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradictionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("event", ""), _negated=True),
                    ("state", serentak.reporting.rules.differing.ContradictionState["OPEN"]),
                    _connector="OR",
                ),
                name="the_first_step_opens_a_contradiction",
            ),
        ),
        migrations.RunSQL(KEEP, FREE),
    ]
