"""Codes in words: collects each slice's `words.py` and says refusals, alerts and events aloud."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serentak.kernel.briefing import Why
from serentak.kernel.pressing import Press
from serentak.kernel.refused import Fault, Refused

from .slices import modules
from .web.formats import number
from .web.vocabulary import HARM_WORD

Words = Mapping[str, "str | Promise"]

NOT_OF_THIS_CENTURY = gettext_lazy("A day lies outside of the years 2000 to 2100. Check the year.")
"""What is said of every date that no calendar of a campaign holds."""

REFUSALS: Words = {
    "the_clock_stands_in_this_century": NOT_OF_THIS_CENTURY,
    "platform.file_is_empty": gettext_lazy("The file is empty. Choose another one."),
    "platform.file_is_too_large": gettext_lazy(
        "The file has %(size)s MB; at most %(limit)s MB are accepted. Make it smaller."
    ),
    "platform.file_type_is_not_accepted": gettext_lazy(
        "The content of this file is %(found)s; accepted are %(accepted)s. Choose such a file, or "
        "save this one as one of these."
    ),
    "platform.photo_has_too_many_pixels": gettext_lazy(
        "This photo has %(width)s × %(height)s pixels; at most %(most)s million are accepted. Take "
        "it with a smaller picture size."
    ),
    "platform.photo_is_damaged": gettext_lazy(
        "This photo cannot be read to its end. Take it again, or send it again from where it is "
        "stored."
    ),
    "platform.sheet_is_neither_xlsx_nor_csv": gettext_lazy(
        "This file is neither XLSX nor CSV (its content is %(found)s). "
        "Save it as XLSX and send it again."
    ),
    "platform.sheet_is_damaged": gettext_lazy(
        "This sheet is damaged or did not arrive whole. Open it, save it anew as XLSX, and send it "
        "again."
    ),
    "platform.sheet_is_too_large": gettext_lazy(
        "The sheet reaches to row %(rows)s and column %(columns)s; at most %(most_rows)s rows, "
        "%(most_columns)s columns and %(most_cells)s cells are read. "
        "Delete what stands far outside the table, or divide it."
    ),
    "platform.sheet_takes_too_much": gettext_lazy(
        "Reading this file needs more than %(mb)s MB of memory or %(seconds)s seconds, and was "
        "stopped. Copy the table alone into a new workbook, without other sheets and pictures, or "
        "divide it, and send that."
    ),
    "platform.sheet_was_not_worked_on": gettext_lazy(
        "Something went wrong on our side while working on this sheet; nothing of it was saved. "
        "Send it again. If it happens again, tell who runs this installation."
    ),
    "platform.sheet_may_not_be_sent": gettext_lazy(
        "Your account may no longer send sheets here; nothing was saved. Ask your institution."
    ),
    "platform.sheet_has_too_much_text": gettext_lazy(
        "The sheet holds too much text; at most %(most)s characters are read. Delete what does "
        "not belong to the table, or divide it."
    ),
    "platform.text_is_too_long": gettext_lazy(
        "At most %(most)s letters are kept; these are %(length)s. Write it shorter."
    ),
    "platform.cell_is_too_long": gettext_lazy(
        "A cell near row %(row)s has more than %(most)s characters. Perhaps a quotation mark is "
        "not closed; mend that row, or save the sheet as XLSX, and send it again."
    ),
    "platform.sheet_is_of_an_old_kind": gettext_lazy(
        "This is a workbook of the older kind (.xls), which is not read. Open it, choose Save as, "
        "Excel Workbook (.xlsx), and send that."
    ),
    "platform.sheet_has_a_password": gettext_lazy(
        "This workbook opens with a password only. Take the password off (File, Info, Protect "
        "Workbook, Encrypt with Password, leave it empty), save it, and send it again."
    ),
    "platform.number_is_a_fraction": gettext_lazy(
        "This is a fraction, perhaps a share that is shown as per cent. Write the number itself, "
        "without decimals."
    ),
    "platform.number_has_words": gettext_lazy(
        "There are words beside the number. Write the number alone, such as 17."
    ),
    "platform.total_row_differs": gettext_lazy(
        "The row of totals says %(total)s, and the rows above it make %(sum)s. Look for rows that "
        "are missing or stand twice, or mend the total."
    ),
    "platform.columns_say_two_things": gettext_lazy(
        "Two columns are headed “%(column)s” and say different things here. Leave one of them."
    ),
    "platform.formulas_are_not_computed": gettext_lazy(
        "The sheet has formulas whose results are not stored. "
        "Open it in a spreadsheet program, save it, and send it again."
    ),
    "platform.sheet_is_empty": gettext_lazy(
        "The sheet holds no rows under its headings. Fill in the template and send it again."
    ),
    "platform.column_is_missing": gettext_lazy(
        "The column “%(column)s” is missing. Choose which heading holds it, or add it."
    ),
    "platform.username_is_taken": gettext_lazy(
        "The user name %(username)s is taken; capitals make no difference. Choose another."
    ),
    "platform.account_is_your_own": gettext_lazy(
        "This account is your own. Let somebody else of your institution close it."
    ),
    "platform.changed_since_checked": gettext_lazy(
        "Something changed here since you checked the sheet; nothing was saved yet. Look at what "
        "would be saved now, and save it then."
    ),
    "platform.changed_meanwhile": gettext_lazy(
        "Somebody else changed this since you opened it. Open it again, look, and decide anew."
    ),
    "platform.key_was_used_by_another": gettext_lazy(
        "This form was sent before with other content, and that stands. Look there first, then "
        "send this once more if it is to stand beside it."
    ),
    "kit.not_a_number": gettext_lazy("This is no number."),
    "kit.many": gettext_lazy("These are many voters for one station. Say why."),
    "platform.nothing_to_erase": gettext_lazy(
        "Event %(event)s has no personal text, or it is deleted already. Look at its number again."
    ),
    **dict.fromkeys(
        ("a_user_name_is_given_once", "platform_user_username_key"),
        gettext_lazy("The user name is taken; capitals make no difference. Choose another."),
    ),
}

EVENTS = {
    "platform.AccountCreated": gettext_lazy("Account made"),
    "platform.PasswordChanged": gettext_lazy("Password changed"),
    "platform.AccountClosed": gettext_lazy("Account closed"),
    "platform.AccountOpened": gettext_lazy("Account opened again"),
    "platform.SignedIn": gettext_lazy("Signed in"),
    "platform.EvidenceStored": gettext_lazy("File stored"),
    "platform.DetailErased": gettext_lazy("Personal text of event %(event)s deleted: %(ground)s"),
}


class NoWords(LookupError):
    """A code is shown that no slice has words for."""


@cache
def collected(kind: str) -> Mapping[str, Any]:
    """Return the words of one kind of all slices, by code."""
    found: dict[str, Any] = {}
    for module in modules("words"):
        found.update(getattr(module, kind, {}))
    return found


def word(kind: str, code: str, params: Mapping[str, Any] | None = None) -> str:
    """Return the sentence for `code` among a kind of words (`REFUSALS`, `ALERTS`, `EVENTS`, …).

    An unknown code is shown as it is: a missing word must never hide a fact. Only in tests, where
    `SERENTAK_NEEDS_WORDS` is set, it is NoWords. What the reader may not know, such as names in an
    event, is left out as "…".
    """
    sentence = collected(kind).get(code)
    if sentence is None:
        return _without_words(kind, code)
    text = str(sentence)
    return text % _Params(params) if params is not None and "%(" in text else text


def _without_words(kind: str, code: str) -> str:
    if settings.SERENTAK_NEEDS_WORDS:
        raise NoWords(f"{kind} has no words for {code!r}: add them to the slice's words.py")
    return code


def event_facts(name: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an event's facts as its sentence takes them.

    A slice whose facts are codes offers `EVENT_FACTS` in its words: by event, a function that
    gives labels for codes, and stands in for what is kept apart, such as names.
    """
    written = collected("EVENT_FACTS").get(name)
    found: Mapping[str, Any] = written(facts) if written else facts
    return found


def area_sentence(code: str, params: Mapping[str, Any]) -> str:
    """Return a sentence that an area adds to the daily report (`SENTENCES` of its words).

    A sentence of a slice that is no more is shown by its code.
    """
    says = collected("SENTENCES").get(code)
    return str(says(params)) if says else _without_words("SENTENCES", code)


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _written(params: Mapping[str, object]) -> dict[str, object]:
    """Return what a sentence names, whole numbers as the reader writes them."""
    return {k: number(v) if type(v) is int else v for k, v in params.items()}


def why_text(why: Why) -> str:
    """Return a sentence of why a place stands as it does, in the reader's language."""
    return word("WHYS", why.code, _written(why.params))


def press_text(press: Press) -> str:
    """Return why an alert stands where it stands, in the reader's language."""
    said = [str(HARM_WORD[press.harm])]
    if press.is_answered:
        said.append(_("somebody has promised it for a day ahead"))
    elif press.days_left:
        said.append(
            ngettext("acting helps for %(n)s more day", "acting helps for %(n)s more days",
                     press.days_left) % {"n": number(press.days_left)}
        )  # fmt: skip
    else:
        said.append(_("no day is left to wait: act today"))
    if press.is_final:
        said.append(_("what is missed cannot be made up for"))
    return "; ".join(said) + "."


def fault_text(fault: Fault) -> str:
    """Return one broken rule in the reader's language."""
    params = _written(fault.params)
    name = fault.code.removeprefix("constraint.")
    if name != fault.code and name not in collected("REFUSALS"):
        return _("The database refuses this: %(rule)s.") % {"rule": name.replace("_", " ")}
    return word("REFUSALS", name, params)


def refusal_text(refused: Refused) -> str:
    """Return every rule that a refusal names, in the reader's language."""
    return " ".join(dict.fromkeys(map(fault_text, refused.faults)))
