"""One-time codes that Twilio makes, sends and checks (Twilio: "Verify v2")."""

from __future__ import annotations

from typing import Any

from ivr.twilio.rest_api.identifiers import sid
from ivr.twilio.rest_api.states import VerificationState, VerifyServiceState, verification_state, verify_service_state

BY_TEXT = "sms"


class Verifications:
    """Starting, checking and cancelling verifications of a service. No number becomes part of an address."""

    _verify: Any

    def fetch_verify_service(self, service_sid: str) -> VerifyServiceState:
        """How a service is set."""
        return verify_service_state(self._service(service_sid).fetch())

    def start_verification(self, service_sid: str, to: str, locale: str) -> VerificationState:
        """Have a code texted to a number.

        Twilio sends the code of an earlier verification of the same number again while that one is pending, and gives
        its sid. Its judgement of risk is asked not to look (Fraud Guard is not eligible under HIPAA).
        """
        started = self._service(service_sid).verifications
        found = started.create(to=to, channel=BY_TEXT, locale=locale, risk_check="disable")
        return verification_state(found)

    def check_verification(self, service_sid: str, verification_sid: str, code: str) -> VerificationState:
        """Compare a code. A wrong one leaves the verification pending, and costs one of its five checks.

        Raises PartyGone where it is approved already, too old, cancelled or used up, PermanentFailure with
        MAX_CHECKS where its checks are.
        """
        checks = self._service(service_sid).verification_checks
        return verification_state(checks.create(verification_sid=sid("VE", verification_sid), code=code))

    def cancel_verification(self, service_sid: str, verification_sid: str) -> None:
        """Let a pending verification be good no more. Raises PartyGone where it is over already."""
        self._service(service_sid).verifications(sid("VE", verification_sid)).update(status="canceled")

    def _service(self, service_sid: str) -> Any:
        return self._verify.services(sid("VA", service_sid))
