"""Translations are found without gettext, kept when strings move, and every fault is named."""

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from serentak.config import messages, translations

WORDS = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

A = _("Late")
B = pgettext_lazy("month", "May")
C = ngettext("%(count)s day", "%(count)s days", 2)
"""

PAGE = """{% load i18n %}
    <h1>{% translate "Governor's desk" %}</h1>
      {# nothing to translate here: "quoted #}
  {% blocktranslate trimmed with name=place.name %}
     Reports of {{ name }}
  {% endblocktranslate %}
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name in ("desk", "places"):
        (tmp_path / "serentak" / name / "templates" / name).mkdir(parents=True)
        (tmp_path / "serentak" / name / "__init__.py").write_text("")
    desk = tmp_path / "serentak" / "desk"
    (desk / "words.py").write_text(WORDS)
    (desk / "templates" / "desk" / "page.html").write_text(PAGE)
    (desk / "tests").mkdir()
    (desk / "tests" / "test_words.py").write_text('_("Not for people")')
    return tmp_path / "serentak"


def catalog_of(package: Path, name: str = "desk") -> dict[str, object]:
    with messages.translation_file(package / name).open("rb") as file:
        return {messages._texts(entry.id)[0]: entry.string for entry in read_po(file) if entry.id}


def translate(package: Path, wordings: dict[str, str], name: str = "desk") -> None:
    file = messages.translation_file(package / name)
    text = file.read_text()
    for english, indonesian in wordings.items():
        text = text.replace(
            f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{indonesian}"'
        )
    file.write_text(text)


ALL = {
    "Late": "Terlambat",
    "May": "Mei",
    "Governor's desk": "Meja gubernur",
    "Reports of %(name)s": "Laporan %(name)s",
}


def translate_all(package: Path) -> None:
    translate(package, ALL)
    file = messages.translation_file(package / "desk")
    file.write_text(file.read_text().replace('msgstr[0] ""', 'msgstr[0] "%(count)s hari"'))


def test_strings_of_python_and_templates_are_found(package: Path) -> None:
    assert messages.update(package) == [messages.translation_file(package / "desk")]
    assert set(catalog_of(package)) == {*ALL, "%(count)s day"}
    assert messages.update(package) == [], "nothing changes when nothing has changed"


def test_other_slices_can_be_left_alone(package: Path) -> None:
    (package / "places" / "words.py").write_text('_("Village")')
    assert messages.update(package, only=["places"]) == [
        messages.translation_file(package / "places")
    ]
    assert [fault.message for fault in messages.check(package, only=["places"])] == ["Village"]


def test_translations_are_kept_and_the_unused_go(package: Path) -> None:
    messages.update(package)
    translate_all(package)
    (package / "desk" / "words.py").write_text(WORDS.replace('_("Late")', '_("On track")'))
    messages.update(package)
    found = catalog_of(package)
    assert found["May"] == "Mei"
    assert found["On track"] == ""
    assert "Late" not in found


def test_a_wording_of_another_slice_is_taken_over(package: Path) -> None:
    messages.update(package)
    translate_all(package)
    (package / "places" / "words.py").write_text('_("Late")')
    messages.update(package)
    assert catalog_of(package, "places") == {"Late": "Terlambat"}


def test_a_complete_translation_has_no_fault(package: Path) -> None:
    messages.update(package)
    translate_all(package)
    assert messages.check(package) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Terlambat"', 'msgstr ""', "not translated: 'Late'"),
        ("Laporan %(name)s", "Laporan %(nama)s", "placeholders differ: 'Reports of %(name)s'"),
        ("%(count)s hari", "hari", "placeholders differ: '%(count)s day'"),
        ('msgid "Late"', '#, fuzzy\nmsgid "Late"', "uncertain (fuzzy): 'Late'"),
        ('msgid "Late"', 'msgid "Later"', "no longer used: 'Later'"),
        ('msgid "Late"', 'msgid "Later"', "not translated: 'Late'"),
    ],
)
def test_each_fault_is_named(package: Path, old: str, new: str, fault: str) -> None:
    messages.update(package)
    translate_all(package)
    file = messages.translation_file(package / "desk")
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    assert any(fault in str(found) for found in messages.check(package))


def test_two_wordings_of_one_string_are_a_fault(package: Path) -> None:
    (package / "places" / "words.py").write_text('_("Late")')
    messages.update(package)
    translate_all(package)
    translate(package, {"Late": "Telat"}, "places")
    assert [found.what for found in messages.check(package)] == [
        "worded otherwise in serentak/desk/locale/id/LC_MESSAGES/django.po"
    ]


def test_only_what_is_stale_is_compiled_and_nothing_uncertain(package: Path) -> None:
    messages.update(package)
    translate_all(package)
    file = messages.translation_file(package / "desk")
    file.write_text(file.read_text().replace('msgctxt "month"', '#, fuzzy\nmsgctxt "month"'))
    assert translations.compile_stale(package) == [file.with_suffix(".mo")]
    assert translations.compile_stale(package) == []
    with file.with_suffix(".mo").open("rb") as opened:
        compiled = gettext.GNUTranslations(opened)
    assert compiled.gettext("Late") == "Terlambat"
    assert compiled.ngettext("%(count)s day", "%(count)s days", 3) == "%(count)s hari"
    assert compiled.pgettext("month", "May") == "May"
    os.utime(file, (2**31, 2**31))
    assert translations.stale(package) == [file]
