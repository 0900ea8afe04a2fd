"""The tree of places: one row for each, the country above, the polling stations below."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Length

from serentak.kernel.codes import Level
from serentak.platform.models import PlaceCodeField

from .rules import KINDS, VILLAGE_KINDS, Kind

CODE_PATTERN = r"^([0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4}(\.[0-9]{3})?)?)?)?)?$"

PARENT_CODE = Func(F("code"), Value(r"\.?[0-9]+$"), Value(""), function="regexp_replace")

WORDS = SearchVector("search_text", config="simple")
"""What the index over words holds; a query must name the same expression to use it."""


class Place(models.Model):
    """A place. `code` is its path, so `parent` and `level` follow from it.

    `name` is bare ("Banyuasin"), what stands before it follows from `kind`; `short_name` is for
    tiles and empty where the name itself serves; `sort_name` and `search_text` are derived from
    them. `tile_x` and `tile_y` count from 1 and are empty where nobody has arranged the tiles.
    """

    code = PlaceCodeField(primary_key=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False
    )
    level = models.GeneratedField(
        expression=Length("code"), output_field=models.IntegerField(), db_persist=True
    )
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in Kind])
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    sort_name = models.CharField(max_length=160)
    search_text = models.TextField()
    tile_x = models.PositiveSmallIntegerField(null=True)
    tile_y = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "places_place"
        indexes = [
            models.Index(fields=["parent", "code"], name="place_by_parent"),
            # Stations are found through their village; without them the index stays small.
            GinIndex(WORDS, name="place_by_words", condition=Q(level__lt=int(Level.STATION))),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=CODE_PATTERN), name="place_code_is_a_path"
            ),
            models.CheckConstraint(
                condition=Q(code="", parent__isnull=True)
                | Q(~Q(code=""), parent__isnull=False, parent=PARENT_CODE),
                name="place_parent_is_the_code_one_level_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(level=int(level), kind__in=[kind.value for kind in kinds])
                        for level, kinds in KINDS.items()
                    ),
                    _connector=Q.OR,
                ),
                name="place_kind_matches_its_level",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(level=int(Level.VILLAGE)),
                    *(
                        Q(kind=kind.value, code__regex=rf"\.{digit}[0-9]{{3}}$")
                        for digit, kind in VILLAGE_KINDS.items()
                    ),
                    _connector=Q.OR,
                ),
                name="village_kind_matches_its_code",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="place_name_is_not_empty"),
            models.CheckConstraint(
                condition=Q(tile_x__isnull=True, tile_y__isnull=True)
                | Q(tile_x__isnull=False, tile_y__isnull=False, tile_x__gte=1, tile_y__gte=1),
                name="place_tile_is_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ExternalCode(models.Model):
    """How another body writes a place, where its code is not the Ministry's."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="external_codes")
    body = models.CharField(max_length=40, help_text="KPU, BPS, FORMER for the code before")
    code = models.CharField(max_length=40)

    class Meta:
        db_table = "places_external_code"
        constraints = [
            models.UniqueConstraint(fields=["body", "code"], name="external_code_names_one_place"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(body=""), name="external_code_and_body_are_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.code}"
