"""The fixed people and places of the tests: a small South Sumatra with everybody in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from serentak.institutions import actions, public
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.places.actions import load_regions
from serentak.places.importers import read_regions

from .kept import kept

AT = datetime(2024, 10, 28, 2, tzinfo=UTC)
"""Monday, 28 October 2024, 09:00 in Palembang: H-30."""

PASSWORD = "tembakau-rawa-perahu"

PROVINCE = PlaceCode("16")
OKI = PlaceCode("16.02")
BANYUASIN = PlaceCode("16.07")
OGAN_ILIR = PlaceCode("16.10")
PALEMBANG = PlaceCode("16.71")
AIR_SUGIHAN = PlaceCode("16.02.14")
NUSA_KARTA = PlaceCode("16.02.14.2001")

REGIONS = """code,name
16,SUMATERA SELATAN
16.02,KABUPATEN OGAN KOMERING ILIR
16.02.05,Kayu Agung
16.02.05.1001,Kayu Agung Asli
16.02.05.2010,Celikah
16.02.14,Air Sugihan
16.02.14.2001,Nusa Karta
16.02.14.2002,Kerta Mukti
16.07,KABUPATEN BANYUASIN
16.07.02,Banyuasin II
16.07.02.2001,Sungsang I
16.10,KABUPATEN OGAN ILIR
16.10.02,Pemulutan
16.10.02.2001,Pemulutan Ulu
16.71,KOTA PALEMBANG
16.71.02,Seberang Ulu Satu
16.71.02.1001,Tiga-puluh-lima Ilir
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast: sign in with `username` and `PASSWORD`, or act as `viewer`."""

    username: str
    viewer: Viewer
    user_id: int
    person_id: int
    institution_id: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody: who steers, who answers, who owns, who watches, who must not see."""

    governor_desk: Member
    regent_desk: Member
    agency: Member
    commission: Member
    province_commission: Member
    district_committee: Member
    neighbour: Member
    supervisor: Member
    observer: Member
    administrator: Member
    ministry: Member


SEATS = {
    "governor_desk": ("Ratna Puspita", "GOVERNOR_DESK_HEAD", "GOVERNOR_DESK", PROVINCE),
    "regent_desk": ("Slamet Wijaya", "REGENT_DESK_OFFICER", "REGENT_DESK", OKI),
    "agency": ("Yusuf Marzuki", "AGENCY_OFFICER", "DISHUB", OKI),
    "commission": ("Dewi Anggraini", "COMMISSION_OFFICER", "KPU", OKI),
    "province_commission": ("Hendra Gunawan", "COMMISSION_OFFICER", "KPU", PROVINCE),
    "district_committee": ("Sumarni", "DISTRICT_COMMITTEE_OFFICER", "PPK", AIR_SUGIHAN),
    "neighbour": ("Fitri Handayani", "REGENT_DESK_OFFICER", "REGENT_DESK", BANYUASIN),
    "supervisor": ("Bambang Susilo", "SUPERVISOR_OFFICER", "BAWASLU", PROVINCE),
    "observer": ("Maria Lestari", "OBSERVER", "ACCREDITED_OBSERVER", PROVINCE),
    "administrator": ("Agung Saputra", "SYSTEM_ADMINISTRATOR", "DISKOMINFO", PROVINCE),
    "ministry": ("Arif Hidayat", "MINISTRY_OFFICER", "MINISTER", COUNTRY),
}


def load_places(regions: str = REGIONS) -> None:
    """Load the small tree: 4 of the province's 17 regencies and cities, 5 districts."""
    load_regions(regions=read_regions(regions.encode()).regions, actor=SYSTEM, at=AT)


@kept
def assemble() -> Cast:
    """Load the places, create their institutions, and seat the cast."""
    load_places()
    actions.create_national_institutions(actor=SYSTEM, at=AT)
    actions.create_province_institutions(province=PROVINCE, actor=SYSTEM, at=AT)
    return Cast(**{name: seat(name, *of) for name, of in SEATS.items()})


def seat(username: str, full_name: str, role: str, kind: str, place: PlaceCode) -> Member:
    """Make a person with an account and a role in the institution of a kind at a place."""
    institution = public.institution_by(kind, place)
    assert institution is not None
    person_id = actions.add_person(
        institution_id=institution.id,
        full_name=full_name,
        phone="0812-0000-0000",
        username=username,
        password=PASSWORD,
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )
    actions.assign_role(
        person_id=person_id,
        institution_id=institution.id,
        role=role,
        from_date=date(2024, 1, 1),
        actor=SYSTEM,
        at=AT,
    )
    user_id = public.account_of(person_id)
    assert user_id is not None
    return Member(
        username=username,
        viewer=public.viewer_for(user_id=user_id, at=AT),
        user_id=user_id,
        person_id=person_id,
        institution_id=institution.id,
    )
