"""File fields that look at size and content; a name proves nothing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from serentak.kernel.refused import Fault
from serentak.platform.contents import CSV, CUT, LOCKED, XLS, XLSX, content_type_of, name_of
from serentak.platform.words import fault_text

from .formats import file_size

SHEETS: Mapping[str, str] = {XLSX: "XLSX", CSV: "CSV"}
NO_SHEETS = {
    XLS: "platform.sheet_is_of_an_old_kind",
    LOCKED: "platform.sheet_has_a_password",
    CUT: "platform.sheet_is_damaged",
}
"""Workbooks that are not read, each with its mend."""
_SUFFIXES = {
    XLSX: ".xlsx",
    CSV: ".csv",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "application/pdf": ".pdf",
}


class CheckedFileField(forms.FileField):
    """A file of one of the `accepted` types (MIME type to name) and at most `most_mb` large."""

    default_error_messages = {  # Django's own way
        "required": _("Choose a file."),
        "empty": _("The file is empty. Choose another one."),
        "too_large": _("The file has %(size)s; at most %(limit)s MB are accepted."),
        "wrong_type": _(
            "The content of this file is %(found)s; accepted are %(accepted)s. Choose such a file, "
            "or save this one as one of these."
        ),
    }

    def __init__(self, *, accepted: Mapping[str, str], most_mb: int, **kwargs: Any) -> None:
        self.accepted = accepted
        self.most_mb = most_mb
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)
        self.widget.attrs["data-most"] = str(most_mb * 1024 * 1024)
        self.widget.attrs["data-too-large"] = format_lazy(
            _("At most {limit} MB are accepted."), limit=most_mb
        )
        self.widget.attrs["accept"] = ",".join(_SUFFIXES.get(mime, mime) for mime in accepted)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file, rewound."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            self._check(file)
        return file

    def _check(self, file: "UploadedFile[Any]") -> None:
        size = file.size or 0
        if size > self.most_mb * 1024 * 1024:
            params = {"size": file_size(size), "limit": self.most_mb}
            raise ValidationError(self.error_messages["too_large"], "too_large", params)
        found = content_type_of(file)
        if found not in self.accepted:
            if XLSX in self.accepted and (code := NO_SHEETS.get(found)):
                raise ValidationError(fault_text(Fault(code)), "wrong_type")
            params = {"found": name_of(found), "accepted": ", ".join(self.accepted.values())}
            raise ValidationError(self.error_messages["wrong_type"], "wrong_type", params)
