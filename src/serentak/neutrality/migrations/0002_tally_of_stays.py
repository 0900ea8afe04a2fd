import django.db.models.deletion
from django.db import migrations, models

TALLY = """
INSERT INTO neutrality_step_tally (agency_id, state, days, cases)
SELECT c.agency_id, s.state, s.to_date - s.from_date, count(*)
FROM neutrality_case_step s JOIN neutrality_case c ON c.id = s.case_id
WHERE s.to_date IS NOT NULL AND s.state NOT IN ('SANCTIONED', 'NOT_PROVEN')
GROUP BY 1, 2, 3
"""


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0002_people_belong_to_an_institution"),
        ("neutrality", "0001_cases_circulars_pledges_and_services"),
    ]

    operations = [
        migrations.CreateModel(
            name="StepTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("AT_TASK_FORCE", "AT_TASK_FORCE"),
                            ("AT_SUPERVISOR", "AT_SUPERVISOR"),
                            ("AT_BKN", "AT_BKN"),
                            ("AT_AUTHORITY", "AT_AUTHORITY"),
                            ("NOT_FOLLOWED_UP", "NOT_FOLLOWED_UP"),
                            ("BLOCKED", "BLOCKED"),
                            ("SANCTIONED", "SANCTIONED"),
                            ("NOT_PROVEN", "NOT_PROVEN"),
                        ],
                        max_length=20,
                    ),
                ),
                ("days", models.PositiveIntegerField()),
                ("cases", models.PositiveIntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
            ],
            options={
                "db_table": "neutrality_step_tally",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "state", "days"),
                        name="stays_of_an_agency_are_tallied_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(TALLY, migrations.RunSQL.noop),
    ]
