"""What is heard in a caller's words. It is judged once, when they arrive, and kept with the answer.

A flow decides by these marks alone, never by words: so a call is replayed alike, whatever hearing learns later.
"""

from __future__ import annotations

UNJUDGED = ""
"""Nothing has judged the words, or what should have has failed: taken for an emergency that the ear alone hears."""
CALM = "calm"
ILL = "ill"
"""They tell of an illness, or of what sounds like one."""
SUSPECT = "suspect"
"""They may hide an emergency: it is asked about, but where screening has begun that asks already."""
EMERGENT = "emergent"
"""They sound like an emergency to the ear alone."""
GRAVE = "grave"
"""They hold a phrase of the protocol for which a clinician is paged at once, and that was signed without 911 words."""
FLAGGED = "flagged"
"""They hold a red flag of the protocol."""
DANGERS = (UNJUDGED, CALM, ILL, SUSPECT, EMERGENT, GRAVE, FLAGGED)

YES, NO, DOUBT = "yes", "no", "doubt"
"""What the words reply; empty where they reply nothing."""

PERSON = "person"
"""The wish for a person. Every other wish is a service of the practice, a language, or what its question asks for."""
