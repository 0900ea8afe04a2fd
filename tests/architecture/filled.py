"""A room in which something of everything lies, with one member for each role of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from serentak.contingency import actions as contingency
from serentak.coordination import actions as coordination
from serentak.coordination.queries.alerts import signed
from serentak.coordination.rules.minutes import OutcomeKind
from serentak.coordination.tests import builders as asking
from serentak.distribution import actions as distribution
from serentak.distribution.rules.catalogue import Stage
from serentak.facilities import actions as facilities
from serentak.figures.tests.builders import two_sources
from serentak.institutions import actions as institutions
from serentak.institutions.models import RoleAssignment
from serentak.institutions.public import institution_by, institutions_of, viewer_for
from serentak.institutions.queries import roles
from serentak.institutions.rules import HolderStatus
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.viewer import PUBLIC, SYSTEM, Viewer
from serentak.liaison import actions as liaison
from serentak.logistics import actions as logistics
from serentak.logistics.public import Race
from serentak.neutrality import actions as neutrality
from serentak.neutrality.rules.cases import CaseState
from serentak.neutrality.tests import builders as cases
from serentak.platform.evidence import store_evidence
from serentak.platform.models import User
from serentak.platform.tests.builders import PNG
from serentak.portal import documents, queries
from serentak.posting import actions as posting
from serentak.posting.rules import Posted, PostKind, Unit
from serentak.posting.rules import StationClass as PostedClass
from serentak.quality import actions as quality
from serentak.readiness import actions as readiness
from serentak.readiness.public import ReportKind, computed, workload
from serentak.reporting import actions as reporting
from serentak.reporting.models import Contradiction
from serentak.reporting.tests import builders as reports
from serentak.security import actions as security
from serentak.security.models import IncidentReport
from serentak.vulnerability import actions as vulnerability
from serentak.vulnerability.public import StationClass
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, NUSA_KARTA, OKI, PROVINCE, Cast, Member, seat
from tests.kept import kept
from tests.room import STATIONS, room

SEATS: Mapping[str, tuple[str, PlaceCode]] = {
    "MINISTRY_OFFICER": ("MINISTER", COUNTRY),
    "GOVERNOR": ("GOVERNOR", PROVINCE),
    "GOVERNOR_DESK_HEAD": ("GOVERNOR_DESK", PROVINCE),
    "GOVERNOR_DESK_OFFICER": ("GOVERNOR_DESK", PROVINCE),
    "REGENT": ("REGENT", OKI),
    "REGENT_DESK_HEAD": ("REGENT_DESK", OKI),
    "REGENT_DESK_OFFICER": ("REGENT_DESK", OKI),
    "CAMAT_OFFICER": ("CAMAT", AIR_SUGIHAN),
    "AGENCY_OFFICER": ("DISHUB", OKI),
    "COMMISSION_HEAD": ("KPU", OKI),
    "COMMISSION_OFFICER": ("KPU", OKI),
    "COMMISSION_LOGISTICS": ("KPU", OKI),
    "DISTRICT_COMMITTEE_OFFICER": ("PPK", AIR_SUGIHAN),
    "VILLAGE_COMMITTEE_OFFICER": ("PPS", NUSA_KARTA),
    "STATION_CREW": ("PPS", NUSA_KARTA),
    "STATION_GUARD": ("VILLAGE_HEAD", NUSA_KARTA),
    "SUPERVISOR_HEAD": ("BAWASLU", OKI),
    "SUPERVISOR_OFFICER": ("BAWASLU", OKI),
    "CASE_HANDLER": ("BKD", OKI),
    "CASE_HANDLING_HEAD": ("BKD", OKI),
    "POLICE_OPERATIONS": ("POLICE", OKI),
    "ARMY_OPERATIONS": ("ARMY", OKI),
    "PROSECUTOR_OFFICER": ("PROSECUTOR", OKI),
    "OBSERVER": ("ACCREDITED_OBSERVER", PROVINCE),
    "SYSTEM_ADMINISTRATOR": ("DISKOMINFO", PROVINCE),
}
"""Where one bearer of each role sits: in OKI, or in what lies next to it in the tree."""

ACTIVITIES: Mapping[PlaceCode, str] = {
    PROVINCE: "voters-prov",
    OKI: "route-plan",
    AIR_SUGIHAN: "ship-v",
}
"""One activity of each place; OKI's is the transport office's, the others are the commission's."""

CHECKLISTS: Mapping[PlaceCode, str] = {
    PROVINCE: "warehouse",
    OKI: "warehouse",
    AIR_SUGIHAN: "district-store",
}
"""A checklist of each place; where it is asked, it can be answered."""

DROPPED, AGREED, DROPPABLE = "outreach", "rehearse", "it-trial"
"""Activities of the commission in OKI: one that was dropped, one whose target a meeting agreed."""

CONTINGENCY_PLAN, OWN_STEP = "riot-district-office", 2
"""A plan that the police own, and a step of it that nobody is asked for."""

NOBODY = "nobody"
"""An account without any role."""


@dataclass(frozen=True, slots=True)
class Room:
    """Who is there, and what may stand in a route: by the name of its parameter."""

    cast: Cast
    members: Mapping[str, Member]
    things: Mapping[str, Any]
    """What lies in OKI, or above it."""
    own: Mapping[PlaceCode, Mapping[str, Any]]
    """What lies in a place of its own."""

    def values(self, place: PlaceCode) -> dict[str, Any]:
        """Return the values of parameters for who sits at a place."""
        live = f"/{place}/security/room"
        return {**self.things, **self.own.get(place, {}), "place": place, "of": live}

    def person(self, who: str) -> tuple[User | AnonymousUser, Viewer]:
        """Return the account of a role's bearer, or of `NOBODY`; a passer-by has none."""
        if who == NOBODY:
            user = User.objects.get(username=NOBODY)
            return user, viewer_for(user_id=user.pk, at=AT)
        if who not in self.members:
            return AnonymousUser(), PUBLIC
        member = self.members[who]
        return User.objects.get(pk=member.user_id), member.viewer


@kept
def filled() -> Room:
    """Return the room, filled by actions."""
    cast = room()
    assert set(roles()) == set(SEATS), (
        "give each role of the catalogue a seat in SEATS of filled.py"
    )
    members = {
        role: seat(f"of.{role}".lower(), f"Bearer {role}", role, *of) for role, of in SEATS.items()
    }
    User.objects.create(username=NOBODY, full_name="Nobody")
    return Room(cast, members, _things(cast, members), _own_things(members))


def _things(cast: Cast, members: Mapping[str, Member]) -> dict[str, Any]:
    regent = cases.id_of("REGENT")
    row = asking.give(cast)
    proven = asking.give(cast, text="Tenda untuk 12 TPS")
    coordination.complete_action(
        action_id=proven.pk,
        version=proven.version,
        note="Sudah berdiri",
        evidence=ContentFile(PNG, name="tenda.png"),
        actor=cast.regent_desk.viewer,
        at=AT,
    )
    letter = coordination.draft_letter(action_id=row.pk, actor=cast.governor_desk.viewer, at=AT)
    _lay_down_more(cast, members, regent)
    case = cases.referred(state=CaseState.AT_AUTHORITY)
    circular = uuid4()
    neutrality.issue_circular(
        key=circular,
        place=OKI,
        number="800/903/BKPSDM/2024",
        title="Netralitas ASN",
        issued_date=date(2024, 10, 21),
        due_date=date(2024, 11, 1),
        actor=SYSTEM,
        at=AT,
    )
    holder = institutions.name_holder(
        institution_id=regent,
        person_id=members["REGENT"].person_id,
        status=HolderStatus.DEFINITIVE,
        from_date=date(2024, 1, 1),
        source="SK",
        actor=SYSTEM,
        at=AT,
    )
    entry, load, code, order = _store(members)
    routes = _routes(members) | _posting(members)
    documents.publish(queries.publication(PROVINCE, at=AT), is_drill=False)
    meeting = asking.plan(cast, starts_at=AT - timedelta(hours=1))
    said = {"kind": OutcomeKind.INFORMATION, "owner_id": None, "verb": ""}
    coordination.record_outcomes(
        meeting_id=meeting.pk,
        version=meeting.version,
        minutes="Perahu siap.",
        rows=[asking.row(**said, due_date=None, check_date=None)],
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    for text in ("Hibah", "Sinyal"):
        coordination.add_to_agenda(
            meeting_id=meeting.pk,
            entry=coordination.AgendaEntry(text=text),
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    meeting.refresh_from_db()
    coordination.put_off_points(
        meeting_id=meeting.pk,
        version=meeting.version,
        said={meeting.agenda.get(text="Hibah").pk: "Menunggu BPKAD"},
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    return {
        "institution_id": regent,
        "person_id": members["REGENT"].person_id,
        "holder_id": holder,
        "assignment_id": RoleAssignment.objects.get(person=members["REGENT"].person_id).pk,
        "action_id": row.pk,
        "proven_action_id": proven.pk,
        "letter_id": letter,
        "meeting_id": meeting.pk,
        "case": case.key,
        "circular": circular,
        "agency_id": cases.id_of("DISHUB"),
        "measure": "area_km2",
        "difference": "sources",
        "day": "2024-10-28",
        "public": "16.html",
        "evidence_id": _evidence(),
        **routes,
        "entry_id": entry,
        "load_id": load,
        "order_id": order,
        "code": code,
        "scenario_id": _forecast(members),
        "shock": "flood-komering",
        "checklist": "venue",
        "defect_id": _check(members),
        "indicator": _survey(members),
        "score": _scores(),
        "alert": signed(reports.alert("route-plan")),
        "field": "owner",
        "contradiction": _contradiction(),
        **_incident(),
        "contingency_plan": CONTINGENCY_PLAN,
        "own_step": OWN_STEP,
    }


def _contradiction() -> UUID:
    """Report more crew trained than formed, and compare; return the key of what differs."""
    reports.progress("kpps-form", 7)
    reports.progress("kpps-train", 21)
    reporting.compare_sides(place=PROVINCE, actor=SYSTEM, at=AT)
    return Contradiction.objects.get(check_key="crew-trained-formed").key


def _incident() -> Mapping[str, Any]:
    """Report an incident with a photo and plan a duty; return what their routes name."""
    found = security.report_incident(
        client_key=uuid4(),
        kind="SIEGE",
        place=AIR_SUGIHAN,
        happened_at=AT,
        photo=ContentFile(PNG, name="massa.png"),
        actor=SYSTEM,
        at=AT,
    )
    duty = security.plan_duty(
        client_key=uuid4(),
        institution_id=cases.id_of("REGENT_DESK"),
        office="Piket desk",
        from_at=AT,
        to_at=AT + timedelta(hours=12),
        actor=SYSTEM,
        at=AT,
    )
    photo = IncidentReport.objects.get(pk=found.report_id).evidence_id
    return {"incident": found.key, "incident_photo": photo, "duty_id": duty}


def _lay_down_more(cast: Cast, members: Mapping[str, Member], regent: int) -> None:
    """Lay down what no route names."""
    asking.plan(cast, starts_at=AT + timedelta(days=3), theme="Rakor distribusi")
    coordination.record_guidance(
        client_key=uuid4(),
        place=OKI,
        visited_id=regent,
        visit_date=AT.date(),
        findings="Perahu belum dikontrak",
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    neutrality.record_replacement(
        key=uuid4(),
        agency_id=cases.id_of("DISHUB"),
        post="Kepala Bidang Lalu Lintas",
        decree_number="821/12/2024",
        replaced_date=date(2024, 10, 1),
        actor=SYSTEM,
        at=AT,
    )
    ids = {w.key: w.activity_id for w in workload(OKI)}
    answer = readiness.ReportRow(
        ids[ACTIVITIES[OKI]],
        ReportKind.QUANTITY,
        1,
        photo=ContentFile(PNG, name="rute.png"),
    )
    readiness.report_progress(client_key=uuid4(), place=OKI, rows=[answer], actor=SYSTEM, at=AT)
    readiness.drop_activity(activity_id=ids[DROPPED], reason="Tak perlu", actor=SYSTEM, at=AT)
    readiness.agree_targets(
        activity_ids=[ids[AGREED]],
        meeting_name="Rakor",
        meeting_date=AT.date(),
        actor=SYSTEM,
        at=AT,
    )
    readiness.propose_target(
        activity_id=ids[ACTIVITIES[OKI]],
        target_date=date(2024, 11, 12),
        reason="Air surut",
        actor=members["AGENCY_OFFICER"].viewer,
        at=AT,
    )


def _forecast(members: Mapping[str, Member]) -> int:
    """Keep a forecast, note a shock, try a change, and return the scenario."""
    found = computed(PROVINCE, at=AT, choose=readiness.choose)
    assert found is not None
    readiness.store_forecast(found=found, actor=SYSTEM, at=AT)
    readiness.set_shock_chance(
        place=PROVINCE,
        shock="flood-rawas",
        per_week=0.3,
        reason="Curah hujan tinggi",
        actor=SYSTEM,
        at=AT,
    )
    readiness.note_shock(
        place=OKI, shock="flood-komering", struck_on=AT.date(), actor=SYSTEM, at=AT
    )
    return readiness.try_scenario(
        client_key=uuid4(),
        place=OKI,
        name="Dua orang lagi",
        changes=[readiness.Change(readiness.ChangeKind.PERSON, OKI, "box-pack", 2)],
        actor=members["REGENT_DESK_HEAD"].viewer,
        at=AT,
    )


def _store(members: Mapping[str, Member]) -> tuple[int, int, str, int]:
    """Take needs over, receive booths, send some off, order: return entry, load, code, order."""
    logistics.take_over_needs(
        client_key=uuid4(), province=PROVINCE, seen=0, reason="", actor=SYSTEM, at=AT
    )
    keeper = members["COMMISSION_LOGISTICS"].viewer
    entry = logistics.receive(
        client_key=uuid4(),
        place=OKI,
        lines=[logistics.Received(logistics.Thing("booth"), 40)],
        reference="SJ-1",
        actor=keeper,
        at=AT,
    )
    load = logistics.pack(
        client_key=uuid4(),
        place=OKI,
        destination=AIR_SUGIHAN,
        lines=[logistics.Packed(logistics.Thing("booth"), 8)],
        seals=("A1",),
        due_at=AT + timedelta(days=2),
        actor=keeper,
        at=AT,
    )
    logistics.depart(
        consignment_id=load,
        version=1,
        vehicle="Truk BG 1234 XX",
        escort="Polres OKI, 2 orang",
        actor=keeper,
        at=AT,
    )
    order = logistics.order(
        client_key=uuid4(),
        place=OKI,
        origin=BANYUASIN,
        destination=OKI,
        lines=[logistics.Wanted("ballot-governor", Race.GOVERNOR, 500)],
        needed_by=(AT + timedelta(days=5)).date(),
        reason="Kurang saat penyortiran",
        actor=keeper,
        at=AT,
    )
    return entry, load, apps.get_model("logistics.Consignment").objects.get(pk=load).code, order


def _scores() -> str:
    """Store the day's scores; return one that all share."""
    quality.store_scores(place=PROVINCE, actor=SYSTEM, at=AT)
    return "promises-kept"


def _survey(members: Mapping[str, Member]) -> str:
    """Survey a station and class it otherwise than that makes of it; return what was found."""
    place = PlaceCode(STATIONS[1])
    for found in ({"no-power": 1, "violence-history": 1}, {"no-power": 1, "near-school": 1}):
        vulnerability.record_survey(
            client_key=uuid4(),
            place=place,
            answers=found,
            surveyed_on=AT.date(),
            actor=members["SUPERVISOR_OFFICER"].viewer,
            at=AT,
        )
    vulnerability.set_class(
        place=place,
        station_class=StationClass.VULNERABLE,
        reason="Sudah tenang",
        actor=members["POLICE_OPERATIONS"].viewer,
        at=AT,
    )
    return "no-power"


def _check(members: Mapping[str, Member]) -> int:
    """Check the store of OKI and a station whose site is flooded; return the site's defect."""
    for checklist, place, answer in (("warehouse", OKI, "yes"), ("venue", STATIONS[1], "no")):
        key = "dry" if checklist == "warehouse" else "flood"
        facilities.record_checks(
            client_key=uuid4(),
            checklist=checklist,
            rows=[facilities.Answered(PlaceCode(place), {key: answer})],
            actor=members["COMMISSION_LOGISTICS"].viewer,
            at=AT,
        )
    return int(apps.get_model("facilities.Defect").objects.get().pk)


def _routes(members: Mapping[str, Member]) -> dict[str, int]:
    """Lend a boat, tell of a way, draft a plan with one route; return their ids."""
    planner = members["COMMISSION_LOGISTICS"]
    vehicle = distribution.offer_vehicle(
        client_key=uuid4(),
        place=OKI,
        owner_id=planner.institution_id,
        kind="river-boat",
        name="Jukung 1",
        kg=2500,
        litres=12_000,
        actor=planner.viewer,
        at=AT,
    )
    way = {"place": OKI, "start": OKI, "end": AIR_SUGIHAN}
    distribution.tell_way(
        **way, terrain=None, hours=Decimal(7), reason="Polairud", actor=planner.viewer, at=AT
    )
    leg = distribution.block_way(
        **way,
        blocked_until_at=AT + timedelta(days=2),
        reason="Kapal karam",
        actor=planner.viewer,
        at=AT,
    )
    plan = distribution.draft_plan(
        client_key=uuid4(), place=OKI, stage=Stage.DISTRICTS, actor=planner.viewer, at=AT
    )
    distribution.arrange_plan(
        plan_id=plan,
        version=1,
        placings=[distribution.Placing(AIR_SUGIHAN, vehicle, 1, 1, 1)],
        actor=planner.viewer,
        at=AT,
    )
    route = apps.get_model("distribution.Route").objects.get(plan=plan)
    return {"vehicle_id": vehicle, "leg_id": leg, "plan_id": plan, "route_id": route.pk}


def _posting(members: Mapping[str, Member]) -> dict[str, Any]:
    """Tell of a post, share it, adopt a plan with a reserve, of which some are away; draft more."""
    by: dict[str, Any] = {"actor": members["POLICE_OPERATIONS"].viewer, "at": AT}
    told = Posted(place=OKI, kind=PostKind.POLRES, name="Polres OKI", officers=60, phone="0712-1")
    post = posting.save_post(posted=told, **by)
    posting.share_posts(place=OKI, is_shared=True, **by)
    posting.set_pattern(
        place=OKI, station_class=PostedClass.LESS, unit=Unit.STATIONS, officers=2, stations=4,
        reason="TPS berjauhan", **by,
    )  # fmt: skip
    sent = posting.reinforce(client_key=uuid4(), origin=PROVINCE, place=OKI, officers=5, **by)
    vulnerability.set_class(
        place=PlaceCode(STATIONS[0]),
        station_class=StationClass.HIGHLY,
        reason="Terpencil",
        **by,
    )
    plans = []
    for _number in range(3):
        plans.append(posting.make_plan(client_key=uuid4(), place=OKI, **by))
        if len(plans) < 3:
            posting.propose_plan(plan_id=plans[-1], version=1, **by)
        if len(plans) == 1:
            posting.adopt_plan(plan_id=plans[-1], version=2, **by)
    move = posting.move_reserve(client_key=uuid4(), post_id=post, to=AIR_SUGIHAN, officers=1, **by)
    return {
        "post_id": post,
        "reinforcement_id": sent,
        "station_class": PostedClass.LESS.value,
        "adopted_posting_id": plans[0],
        "posting_plan_id": plans[1],
        "drafted_posting_id": plans[2],
        "move_id": move,
    }


def _own_things(members: Mapping[str, Member]) -> dict[PlaceCode, dict[str, Any]]:
    found: dict[PlaceCode, dict[str, Any]] = {}
    for place in (PROVINCE, OKI, AIR_SUGIHAN):
        _, other = two_sources(place)
        report = (reports.submitted if place == OKI else reports.drafted)(place)
        sentence = report.sentences.first()
        found[place] = {
            "activity": ACTIVITIES[place],
            "figure_id": other.pk,
            "report_id": report.pk,
            "sentence_id": sentence.pk,
            "checklist": CHECKLISTS[place],
            "run_id": _plan_that_runs(place, members),
        }
    found[PROVINCE] |= _liaison(PROVINCE, "GOVERNOR_DESK", members["GOVERNOR_DESK_HEAD"])
    regency = _liaison(OKI, "REGENT_DESK", members["REGENT_DESK_HEAD"])
    liaison.promise_aid(
        request_id=regency["request_id"],
        version=1,
        granted=3,
        actor=members["AGENCY_OFFICER"].viewer,
        at=AT,
    )
    found[OKI] |= regency
    found[AIR_SUGIHAN] |= regency
    found[NUSA_KARTA] = found[AIR_SUGIHAN] | {"checklist": "venue"}
    return found


def _plan_that_runs(place: PlaceCode, members: Mapping[str, Member]) -> int:
    desk = members["GOVERNOR_DESK_HEAD" if place == PROVINCE else "REGENT_DESK_HEAD"].viewer
    run = contingency.start_plan(
        client_key=uuid4(), plan=CONTINGENCY_PLAN, place=place, actor=desk, at=AT
    )
    contingency.finish_step(run_id=run, n=OWN_STEP, actor=desk, at=AT)
    return run


def _liaison(place: PlaceCode, kind: str, desk: Member) -> dict[str, Any]:
    """Lay down a number of a desk, an assessment, a request to the transport office, a crime."""
    owner = institution_by(kind, place)
    boats = institution_by("DISHUB", place)
    assert owner is not None
    assert boats is not None
    given: dict[str, Any] = {"place": place, "actor": desk.viewer, "at": AT}
    members = [card.id for card in institutions_of(place, ["KPU", "POLICE"])]
    return {
        "contact_id": liaison.add_contact(
            client_key=uuid4(),
            institution_id=owner.id,
            office="Piket desk",
            phone="0711-352041",
            **given,
        ),
        "assessment_id": liaison.assess_place(
            client_key=uuid4(),
            level="watch",
            assessed_date=AT.date(),
            text="Jalan banjir",
            members=members,
            **given,
        ),
        "request_id": liaison.ask_for_aid(
            client_key=uuid4(),
            thing="boats",
            number=4,
            owner_id=boats.id,
            needed_until_at=AT + timedelta(days=2),
            **given,
        ),
        "crime_id": liaison.enter_crime(
            client_key=uuid4(),
            register="001/Reg",
            known_date=AT.date(),
            institution_id=members[0],
            **given | {"actor": SYSTEM},
        ),
    }


def _evidence() -> UUID:
    file = ContentFile(PNG, name="perahu.png")
    return store_evidence(file=file, place=OKI, institution_id=None, actor=SYSTEM, at=AT)


def shown(response: Any) -> str:
    """Return the page of an answer, empty for a file; either is read to its end and closed."""
    content = b"".join(response)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return content.decode() if is_page else ""
