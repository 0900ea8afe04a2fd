"""What counts the changes of a case is called as on every other row that counts them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("neutrality", "0003_a_step_leads_to_one_letter")]

    operations = [migrations.RenameField(model_name="case", old_name="changes", new_name="version")]
