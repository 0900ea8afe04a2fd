"""What is recorded when places are checked and defects mended."""

from serentak.platform.audit import Code, Event


class PlacesChecked(Event):
    """A checklist was answered at some places; what fails is a defect, what passes ends one."""

    checklist: Code
    places: int
    found: int
    confirmed: int


class DefectAnswered(Event):
    """Who mends a defect promised, mended or disputed it, or another site was asked for."""

    event: Code
    checklist: Code
    question: Code
