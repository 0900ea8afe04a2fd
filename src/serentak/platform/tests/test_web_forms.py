"""Forms: errors name field and rule, files are judged by content, pickers work without a script."""

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation

from serentak.kernel.refused import Fault, Refused
from serentak.platform.contents import CSV, CUT, XLSX, content_type_of
from serentak.platform.web.forms import add_refusal, natural, render_form
from serentak.platform.web.pickers import Option, PickerField, picker_options
from serentak.platform.web.uploads import SHEETS, CheckedFileField
from serentak.platform.words import refusal_text
from tests.markup import compact

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


class Quantity(forms.Form):
    quantity = forms.IntegerField(label="Jumlah", max_value=600, help_text="orang")
    note = forms.CharField(label="Catatan", required=False)
    answer = forms.ChoiceField(
        label="Jawaban", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def test_a_field_shows_label_help_and_what_is_optional() -> None:
    markup = compact(str(Quantity()))
    assert '<label for="id_quantity">Jumlah</label>' in markup
    assert 'id="id_quantity_helptext">orang' in markup
    assert 'aria-describedby="id_quantity_helptext"' in markup
    assert markup.count("(optional)") == 1
    assert "<fieldset" in markup
    assert "<legend>Jawaban</legend>" in markup
    assert 'role="alert"' not in markup


def test_errors_stand_at_the_field_and_above_with_a_link() -> None:
    markup = compact(str(Quantity({"quantity": "900", "answer": "a"})))
    assert '<a href="#id_quantity">Jumlah</a>: Ensure this value is less than' in markup
    assert 'id="id_quantity_error"' in markup
    assert 'aria-invalid="true"' in markup
    assert 'aria-describedby="id_quantity_helptext id_quantity_error"' in markup


def test_what_people_typed_is_escaped() -> None:
    markup = str(Quantity({"quantity": "<script>", "answer": "<b>"}))
    assert "<script>" not in markup
    assert "<b>" not in markup


@pytest.mark.parametrize(
    ("data", "status"),
    [(None, 200), ({"quantity": "x"}, 422), ({"quantity": "5", "answer": "a"}, 200)],
)
@pytest.mark.django_db
def test_a_form_that_does_not_hold_is_answered_with_422(
    data: dict[str, str] | None, status: int
) -> None:
    request = RequestFactory().get("/")
    assert render_form(request, "platform/forms/_form.html", Quantity(data)).status_code == status


def test_a_refusal_becomes_an_error_of_its_field_or_of_the_form() -> None:
    form = Quantity({"quantity": "5", "answer": "a"})
    assert form.is_valid()
    add_refusal(form, Refused("platform.file_is_empty", field="note"))
    add_refusal(form, Refused("platform.file_is_empty", field="elsewhere"))
    assert form.errors["note"] == ["The file is empty. Choose another one."]
    assert form.non_field_errors() == ["The file is empty. Choose another one."]


def test_every_fault_of_a_refusal_stands_at_its_own_field() -> None:
    form = Quantity({"quantity": "5", "answer": "a"})
    large = {"size": "9", "limit": 1200}
    refused = Refused.of(
        Fault("platform.file_is_empty", "note"),
        Fault("platform.file_is_too_large", "answer", large),
        Fault("constraint.no_rule_of_this_name"),
    )
    add_refusal(form, refused)
    assert form.errors["note"] == ["The file is empty. Choose another one."]
    [too_large] = form.errors["answer"]
    assert "at most 1,200 MB" in too_large
    [named] = form.non_field_errors()
    assert named == "The database refuses this: no rule of this name."
    assert refusal_text(refused) == f"{form.errors['note'][0]} {too_large} {named}"
    assert refusal_text(Refused.of(*refused.faults[:1], *refused.faults[:1])).count("empty") == 1


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "a")
    return out.getvalue()


def archive(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PNG, "image/png"),
        (workbook(), XLSX),
        (archive("a.txt"), "application/zip"),
        (archive("xl/workbook.xml"), XLSX),
        (b"PK\x03\x04broken", CUT),
        (workbook()[:2000], CUT),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"kode;pemilih\n1;2", CSV),
        ("\ufeffkode;é".encode(), CSV),
        ("kode;é".encode("cp1252"), CSV),
        (b"MZ\x00\x01\x02", "?"),
        (b"\x01\x02\x03", "?"),
        (b"", "?"),
    ],
)
def test_content_is_read_from_the_bytes(content: bytes, expected: str) -> None:
    found = content_type_of(io.BytesIO(content))
    assert found == expected or (expected == "?" and found not in (CSV, XLSX))


def test_text_cut_in_the_middle_of_a_character_is_text() -> None:
    assert content_type_of(io.BytesIO(("a" * 8191 + "é" * 10).encode())) == CSV


class Upload(forms.Form):
    file = CheckedFileField(label="Lembar", accepted=SHEETS, most_mb=1)


def sent(content: bytes, name: str = "lembar.xlsx") -> Upload:
    return Upload({}, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "The file is empty."),
        (PNG, "The content of this file is PNG; accepted are XLSX, CSV."),
        (b"\x01\x02", "The content of this file is unknown; accepted are XLSX, CSV."),
        (workbook()[:2000], "This sheet is damaged or did not arrive whole."),
        (b"a" * (1024 * 1024 + 1), "The file has 1.0 MB; at most 1 MB are accepted."),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(content: bytes, text: str) -> None:
    form = sent(content)
    assert not form.is_valid()
    assert form.errors["file"][0].startswith(text)


def test_a_good_file_is_given_rewound() -> None:
    content = workbook()
    form = sent(content)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"].read() == content
    markup = str(Upload())
    assert 'accept=".xlsx,.csv"' in markup
    assert 'data-most="1048576" data-too-large="At most 1 MB are accepted."' in markup


OPTIONS = (
    Option("16.07.19", "Air Kumbang", "Banyuasin"),
    Option("16.02.16", "Air Sugihan", "OKI"),
    Option("16.02", "Ogan Komering Ilir"),
)


def search(text: str) -> list[Option]:
    return [option for option in OPTIONS if text.casefold() in option.label.casefold()]


class Pick(forms.Form):
    place = PickerField(
        label="Tempat",
        search=search,
        find=lambda value: next((o for o in OPTIONS if o.value == value), None),
        url_name="platform:kit_options",
    )


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"place": "16.02", "place_q": ""}, "16.02"),
        ({"place": "16.02.16", "place_q": "air"}, "16.02.16"),
        ({"place_q": "16.07.19"}, "16.07.19"),
        ({"place_q": "kumbang"}, "16.07.19"),
    ],
)
def test_a_picker_takes_a_choice_a_code_or_a_name_that_fits_one(
    data: dict[str, str], value: str
) -> None:
    form = Pick(data)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"place": value}


@pytest.mark.parametrize(
    ("data", "text", "options"),
    [
        ({"place_q": "air"}, "More than one is called “air”. Choose one below.", 2),
        ({"place_q": "kumbang", "place_search": "1"}, "Choose one below.", 1),
        ({"place_q": "nirwana"}, "Nothing is called “nirwana”. Type part of a name, or a code.", 0),
        ({"place": "99"}, "“99” cannot be chosen here.", 0),
        ({}, "This field is required.", 0),
    ],
)
def test_a_picker_shows_what_it_found_and_asks_again(
    data: dict[str, str], text: str, options: int
) -> None:
    form = Pick(data)
    assert form.errors["place"] == [text]
    assert str(form).count('type="radio"') == options


def test_what_a_picker_found_for_one_person_is_not_shown_to_the_next() -> None:
    str(Pick({"place_q": "air"}))
    assert 'type="radio"' not in str(Pick())


def test_a_picker_shows_what_is_chosen_already() -> None:
    markup = str(Pick(initial={"place": "16.02"}))
    assert 'value="Ogan Komering Ilir"' in markup
    assert 'value="16.02" checked' in markup


def test_the_options_are_radios_of_the_field_that_asks() -> None:
    request = RequestFactory().get("/?field=place&place_q=air")
    markup = picker_options(request, search).content.decode()
    assert markup.count('<input type="radio" name="place"') == 2


@pytest.mark.parametrize("field", ["", '"><script>', "1a", "a" * 70])
def test_options_for_no_field_are_not_found(field: str) -> None:
    with pytest.raises(Http404):
        picker_options(RequestFactory().get("/", {"field": field}), search)


@pytest.mark.parametrize(
    ("text", "found"),
    [("7", 7), ("007", 7), ("", None), ("-1", None), ("²", None), ("٣", None), ("9" * 5000, None)],
)
def test_a_number_of_an_address_is_read_or_none(text: str, found: int | None) -> None:
    assert natural(text) == found
