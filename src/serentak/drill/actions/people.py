"""Gives each account of the story its person, institution and role."""

from dataclasses import dataclass
from datetime import datetime

from serentak.drill.rules.people import People
from serentak.drill.rules.scenes import Scene, by_system
from serentak.institutions import actions as institutions
from serentak.institutions.public import account_of, institutions_by, viewer_for
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.readiness.public import REPORT_PROGRESS

from .stage import Progress


@dataclass(frozen=True, slots=True)
class Seats:
    """The accounts of a story, to be filled at a moment."""

    people: People
    story: Scene
    at: datetime

    def fill(self, progress: Progress) -> dict[int, list[Viewer]]:
        """Fill all seats and return who reports for which institution, in the accounts' order."""
        seats = institutions_by(
            kinds={account.kind for account in self.people.accounts},
            places={account.place for account in self.people.accounts},
        )
        reporters: dict[int, list[Viewer]] = {}
        for number, account in enumerate(self.people.accounts, 1):
            institution = seats[account.kind, account.place]
            person_id = institutions.add_person(
                institution_id=institution.id,
                full_name=account.full_name,
                # Of the form that nobody has: what is called here rings nowhere.
                phone=f"0800-0000-{number:04}",
                username=account.username,
                password=self.people.password,
                **by_system(self.at),
            )
            institutions.assign_role(
                person_id=person_id,
                institution_id=institution.id,
                role=account.role,
                from_date=self.story.began_on,
                actor=SYSTEM,
                at=self.at,
            )
            user_id = account_of(person_id)
            assert user_id is not None  # noqa: S101 -- the person was added with an account
            viewer = viewer_for(user_id=user_id, at=self.at)
            if viewer.holds(REPORT_PROGRESS):
                reporters.setdefault(institution.id, []).append(viewer)
            progress("People", number, len(self.people.accounts))
        return reporters
