"""State and territory names as they are spoken in each language, by USPS code."""

from __future__ import annotations

_ENGLISH = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC Washington D.C.|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|"
    "KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|"
    "MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|"
    "NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington State|"
    "WV West Virginia|WI Wisconsin|WY Wyoming|AS American Samoa|GU Guam|MP the Northern Mariana Islands|"
    "PR Puerto Rico|VI the U.S. Virgin Islands"
)
_SPANISH = (
    "HI Hawái|LA Luisiana|MI Míchigan|MS Misisipi|MO Misuri|NH Nuevo Hampshire|NJ Nueva Jersey|NM Nuevo México|"
    "NY Nueva York|NC Carolina del Norte|ND Dakota del Norte|OR Oregón|PA Pensilvania|SC Carolina del Sur|"
    "SD Dakota del Sur|WA el estado de Washington|WV Virginia Occidental|AS Samoa Americana|"
    "MP las Islas Marianas del Norte|VI las Islas Vírgenes de los Estados Unidos"
)


def _by_code(names: str) -> dict[str, str]:
    return {entry[:2]: entry[3:] for entry in names.split("|")}


STATES: dict[str, dict[str, str]] = {
    "en-US": _by_code(_ENGLISH),
    "es-US": _by_code(_ENGLISH) | _by_code(_SPANISH),
}
"""By language. Whatever Spanish does not name is spoken as in English."""


def state_name(state: str, language: str) -> str:
    """How the state is spoken in ``language``."""
    return STATES[language][state]
