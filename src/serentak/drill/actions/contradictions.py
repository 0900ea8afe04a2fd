"""Where a story is told in two ways: compared on the eve and now, one answered, one settled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from serentak.kernel.viewer import SYSTEM
from serentak.reporting import actions as reporting
from serentak.reporting.public import Used, open_contradictions

from .stage import Happening, Stage

CHECK = "class-police-supervisor"
"""Of which the story's first one is settled by the police, and the second answered."""


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The story of what differs on its stage."""

    stage: Stage

    def happenings(self) -> Iterator[Happening]:
        """Yield the comparisons, and what owners say of two of them."""
        eve = self.stage.calendar.moment(self.stage.today - 1, 18)
        yield Happening(eve, lambda: self._tell(eve))
        now = self.stage.story.at
        yield Happening(now, lambda: self._compare(now))

    def _compare(self, at: datetime) -> None:
        reporting.compare_sides(place=self.stage.story.province, actor=SYSTEM, at=at)

    def _tell(self, at: datetime) -> None:
        self._compare(at)
        later = at + timedelta(hours=1)
        found = open_contradictions(self.stage.story.province, check=CHECK)[:2]
        for number, (key, place, version) in enumerate(found):
            actor = self.stage.person_of("POLICE", place, role="POLICE_OPERATIONS")
            reporting.answer_contradiction(
                key=key,
                version=version,
                answer="Kelas ditinjau bersama Bawaslu pada rapat koordinasi.",
                actor=actor,
                at=later,
            )
            if number == 0:
                reporting.settle_contradiction(
                    key=key,
                    version=version + 1,
                    reason="Kelas tetap; patroli ditambah pada TPS bertanda.",
                    proof="Berita acara rapat (rekaan)",
                    used=Used.A,
                    actor=actor,
                    at=later,
                )
