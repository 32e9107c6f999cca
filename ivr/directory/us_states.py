"""The states and territories of the United States, as the postal service abbreviates them."""

from __future__ import annotations

from types import MappingProxyType

_NAMES = """
AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware,
DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas,
KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi,
MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York,
NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, RI Rhode Island,
SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington,
WV West Virginia, WI Wisconsin, WY Wyoming, AS American Samoa, GU Guam, MP Northern Mariana Islands, PR Puerto Rico,
VI Virgin Islands
"""

STATE_NAMES = MappingProxyType({entry.strip()[:2]: entry.strip()[3:] for entry in _NAMES.split(",")})
"""Name by abbreviation (USPS Publication 28, appendix B)."""

_ABBREVIATIONS = {name.casefold(): code for code, name in STATE_NAMES.items()}


def state_code(text: str) -> str | None:
    """The two letters of a state given by either, or None."""
    plain = text.strip()
    return plain.upper() if plain.upper() in STATE_NAMES else _ABBREVIATIONS.get(plain.casefold())
