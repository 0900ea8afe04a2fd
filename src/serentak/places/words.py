"""Places in words: kinds, full names, refusals, events."""

from django.utils.translation import gettext_lazy

from .rules import Kind, TerrainKind

KINDS = {
    Kind.COUNTRY: gettext_lazy("country"),
    Kind.PROVINCE: gettext_lazy("province"),
    Kind.REGENCY: gettext_lazy("regency"),
    Kind.CITY: gettext_lazy("city"),
    Kind.ADMINISTRATIVE_REGENCY: gettext_lazy("administrative regency"),
    Kind.ADMINISTRATIVE_CITY: gettext_lazy("administrative city"),
    Kind.DISTRICT: gettext_lazy("district"),
    Kind.URBAN_VILLAGE: gettext_lazy("urban village"),
    Kind.VILLAGE: gettext_lazy("village"),
    Kind.CUSTOMARY_VILLAGE: gettext_lazy("customary village"),
    Kind.STATION: gettext_lazy("polling station"),
    Kind.SPECIAL_STATION: gettext_lazy("special polling station"),
}

FULL_NAMES = {
    Kind.PROVINCE: gettext_lazy("%(name)s Province"),
    Kind.REGENCY: gettext_lazy("%(name)s Regency"),
    Kind.CITY: gettext_lazy("%(name)s City"),
    Kind.ADMINISTRATIVE_REGENCY: gettext_lazy("%(name)s Administrative Regency"),
    Kind.ADMINISTRATIVE_CITY: gettext_lazy("%(name)s Administrative City"),
    Kind.DISTRICT: gettext_lazy("%(name)s District"),
    Kind.URBAN_VILLAGE: gettext_lazy("%(name)s Urban Village"),
    Kind.VILLAGE: gettext_lazy("%(name)s Village"),
    # A customary village carries its kind in its name.
    Kind.STATION: gettext_lazy("Polling station %(name)s"),
    Kind.SPECIAL_STATION: gettext_lazy("Special polling station %(name)s"),
}

TERRAIN = {
    TerrainKind.WATER_ACCESS: gettext_lazy("reached by water"),
    TerrainKind.FLOOD_PRONE: gettext_lazy("flood-prone"),
    TerrainKind.NO_SIGNAL: gettext_lazy("no mobile signal"),
}

REFUSALS = {
    "places.list_is_not_utf8_csv": gettext_lazy(
        "This is not a CSV file in UTF-8, nor one compressed with xz."
    ),
    "places.list_has_other_columns": gettext_lazy(
        "The columns are %(found)s; expected are %(expected)s."
    ),
    "places.list_is_empty": gettext_lazy("The list has no rows."),
    "places.list_has_faults": gettext_lazy("The list has %(count)s faults; nothing was written."),
    "places.row_has_other_columns": gettext_lazy(
        "The row has %(count)s columns and the heading two."
    ),
    "places.code_has_wrong_width": gettext_lazy(
        "“%(place)s” is not a place code: 16, 16.07, 16.07.19, 16.07.19.2015 are."
    ),
    "places.code_is_listed_twice": gettext_lazy("%(place)s stands already in row %(first)s."),
    "places.code_is_given_twice": gettext_lazy("%(place)s is given twice."),
    "places.parent_is_not_listed": gettext_lazy("%(parent)s, above %(place)s, is not in the list."),
    "places.parent_is_missing": gettext_lazy("%(parent)s does not exist; add it first."),
    "places.name_is_empty": gettext_lazy("The name of %(place)s is empty."),
    "places.name_is_too_long": gettext_lazy("A name has at most %(limit)s letters."),
    "places.kind_is_unknown": gettext_lazy(
        "What kind of place %(place)s is cannot be told: the name of a regency or city begins with "
        "Kabupaten or Kota, the last part of a village's code with 1, 2 or 3."
    ),
    "places.place_exists": gettext_lazy("%(place)s exists already."),
    "places.place_is_missing": gettext_lazy("%(place)s does not exist."),
    "places.level_differs": gettext_lazy(
        "%(old)s can only get a code of the same length; %(new)s has another."
    ),
    "places.external_code_is_empty": gettext_lazy("Both the body and its code are needed."),
    "places.external_code_is_taken": gettext_lazy(
        "This code already stands for %(place)s with this body."
    ),
    "places_place_pkey": gettext_lazy("Somebody else has just added this place."),
    "place_code_is_a_path": gettext_lazy("The code of a place has the wrong width."),
    "place_parent_is_the_code_one_level_up": gettext_lazy(
        "A place lies under the place whose code its own begins with."
    ),
    "place_kind_matches_its_level": gettext_lazy("This kind of place has a code of other length."),
    "village_kind_matches_its_code": gettext_lazy(
        "A village's code says by its digit whether it is urban, rural or customary."
    ),
    "place_name_is_not_empty": gettext_lazy("A place has a name."),
    "place_tile_is_whole_or_absent": gettext_lazy("A tile has a column and a row, both from 1."),
    "external_code_names_one_place": gettext_lazy("This body uses the code for another place."),
    "external_code_and_body_are_not_empty": gettext_lazy("Both the body and its code are needed."),
}

EVENTS = {
    "places.RegionsLoaded": gettext_lazy(
        "List of regions taken over: %(listed)s places, %(added)s new, %(changed)s changed"
    ),
    "places.PlacesAdded": gettext_lazy("%(count)s places added"),
    "places.PlaceRecoded": gettext_lazy("Code changed from %(old)s to %(new)s"),
    "places.ExternalCodeSet": gettext_lazy("Code with %(body)s: %(code)s"),
}


def full_name(kind: Kind, name: str) -> str:
    """Return the name with its kind, in the reader's language: Kabupaten Banyuasin."""
    form = FULL_NAMES.get(kind)
    return str(form) % {"name": name} if form else name
