"""Who signed a report does not accept it; what was accepted before stands as it is."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_no_sentence_moves_into_a_locked_report")]

    operations = [
        AddConstraintNotValid(
            model_name="dailyreport",
            constraint=models.CheckConstraint(
                condition=Q(signed_off_by__isnull=True)
                | Q(accepted_by__isnull=True)
                | ~Q(signed_off_by=F("accepted_by")),
                name="who_signed_does_not_accept",
            ),
        )
    ]
