"""Takes what an institution answers to a score of its own work."""

from datetime import datetime
from uuid import UUID

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer
from serentak.quality.events import ScoresReplied
from serentak.quality.models import Reply
from serentak.quality.permissions import REPLY
from serentak.quality.queries.catalogues import catalogue
from serentak.quality.queries.publishing import publication_of
from serentak.quality.queries.seeing import sees_work_of
from serentak.quality.rules.judging import LONGEST_REPLY


@action
def reply_to_score(
    *,
    client_key: UUID,
    place: PlaceCode,
    indicator: str,
    text: str,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record what the actor's institution answers; its last word before publication stands."""
    digest = digest_of(locals())
    one = catalogue().indicators.get(indicator)
    if one is None or not actor.may(REPLY, place) or not sees_work_of(actor, one.who, place):
        raise OutOfScope(REPLY, place)
    if known := first_answer(Reply, client_key, digest):
        return known.pk
    stage = publication_of(place)
    today = clock.local_date(at, zone=places.zone_of(place).key)
    if stage is None or stage.published_at or today > stage.reply_until:
        raise Refused("quality.no_reply_is_taken_now")
    text = text.strip()
    if not text:
        raise Refused("quality.say_what_you_answer", field="text")
    if len(text) > LONGEST_REPLY:
        raise Refused("quality.reply_is_too_long", field="text", most=LONGEST_REPLY)
    card = institutions.voices(actor, REPLY).at(place)
    if card is None:
        raise OutOfScope(REPLY, place)
    Reply.objects.filter(
        place=place, indicator=indicator, institution=card.id, is_current=True
    ).update(is_current=False)
    row = Reply.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        indicator=indicator,
        institution_id=card.id,
        text=text,
        replied_by_id=actor.user_id,
        replied_at=at,
    )
    record(
        ScoresReplied(
            subjects=(f"reply:{row.pk}",),
            place=place,
            institution_id=card.id,
            indicator=indicator,
        ),
        actor=actor,
        at=at,
    )
    return row.pk
