"""A correction of a total is a report of its own kind, with its reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0003_dates_are_of_this_century"),
        ("platform", "0007_dates_are_of_this_century"),
        ("readiness", "0005_dates_are_of_this_century"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="progressreport",
            name="a_report_names_an_amount_or_leaves_it",
        ),
        migrations.AlterField(
            model_name="progressreport",
            name="kind",
            field=models.CharField(
                choices=[
                    ("QUANTITY", "QUANTITY"),
                    ("CORRECTION", "CORRECTION"),
                    ("NO_CHANGE", "NO_CHANGE"),
                    ("NOTHING_TO_REPORT", "NOTHING_TO_REPORT"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["CORRECTION", "QUANTITY"]), ("quantity__isnull", False)),
                    models.Q(
                        models.Q(("kind__in", ["CORRECTION", "QUANTITY"]), _negated=True),
                        models.Q(
                            ("quantity", models.F("quantity_before")),
                            models.Q(("quantity__isnull", True), ("quantity_before__isnull", True)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="a_report_names_an_amount_or_leaves_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "CORRECTION"), _negated=True),
                    models.Q(
                        ("quantity_before__isnull", False),
                        models.Q(("quantity", models.F("quantity_before")), _negated=True),
                        models.Q(("note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_correction_of_a_total_changes_it_and_says_why",
            ),
        ),
    ]
