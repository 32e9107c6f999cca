"""One-time codes to numbers on file: what makes a caller L2."""

from __future__ import annotations

from typing import Annotated

from ivr.directory.schema.fields import Means, Model, VerifyService, one_of

SMS_CODE, VOICE_CODE = "sms_code", "voice_code"
SUNLINE, VERIFY = "sunline", "verify"


class Possession(Model):
    """L2: a one-time code to a number on file, on top of L1. It is texted, and never read out by a call of ours."""

    add: Annotated[
        Annotated[str, one_of((SMS_CODE, VOICE_CODE))],
        Means("How a one-time code reaches a number that has been on file for 30 days: by text.", "sms_code"),
    ]
    through: Annotated[
        Annotated[str, one_of((SUNLINE, VERIFY))],
        Means("Who makes, texts and checks it: Sunline itself, or Twilio Verify.", "verify"),
    ] = SUNLINE
    service: Annotated[
        VerifyService | None,
        Means(
            "The practice's own Verify service, which `through: verify` needs: what it is named is in every text.",
            "VA0123456789abcdef0123456789abcdef",
        ),
    ] = None
