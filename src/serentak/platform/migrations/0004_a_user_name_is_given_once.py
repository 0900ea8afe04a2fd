"""A user name is given once, whatever its capitals: sign-in does not tell them apart."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("platform", "0003_activity_is_ordered_by_the_domains_clock")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(Lower("username"), name="a_user_name_is_given_once"),
        ),
    ]
