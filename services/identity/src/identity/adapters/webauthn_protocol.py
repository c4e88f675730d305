"""The messages of passkeys, through the library `webauthn`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import structlog

from identity.domain.account import Account
from identity.domain.passkey import CEREMONY_LIFETIME, Passkey
from identity.usecases.passkey_ports import Assertion, NewCredential

_log = structlog.get_logger(__name__)
_TIMEOUT = int(CEREMONY_LIFETIME.total_seconds() * 1000)


class WebauthnProtocol:
    """A PasskeyProtocol. The relying party is the host of the base URL, and its origin the only one.

    The library is loaded by the first ceremony: it takes 6 MiB that a replica at rest need not have.
    """

    def __init__(self, base_url: str, name: str) -> None:
        self._origin = base_url
        self._party = urlsplit(base_url).hostname or ""
        self._name = name

    def creation_options(self, account: Account, challenge: bytes, known: Sequence[Passkey]) -> Mapping[str, Any]:
        import webauthn  # noqa: PLC0415 - see the class
        from webauthn.helpers import options_to_json_dict, structs  # noqa: PLC0415

        options = webauthn.generate_registration_options(
            rp_id=self._party,
            rp_name=self._name,
            user_id=account.id.bytes,
            user_name=account.username,
            user_display_name=account.display_name,
            challenge=challenge,
            timeout=_TIMEOUT,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each.credential_id) for each in known],
        )
        return options_to_json_dict(options)

    def request_options(self, challenge: bytes, allowed: Sequence[Passkey]) -> Mapping[str, Any]:
        import webauthn  # noqa: PLC0415
        from webauthn.helpers import options_to_json_dict, structs  # noqa: PLC0415

        options = webauthn.generate_authentication_options(
            rp_id=self._party,
            challenge=challenge,
            timeout=_TIMEOUT,
            allow_credentials=[structs.PublicKeyCredentialDescriptor(id=each.credential_id) for each in allowed],
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options)

    def read_new(self, credential: str, challenge: bytes) -> NewCredential | None:
        import webauthn  # noqa: PLC0415

        try:
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._party,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except _refusals() as error:
            _log.warning("passkey refused", reason=type(error).__name__)
            return None
        return NewCredential(made.credential_id, made.credential_public_key, made.sign_count)

    def read_assertion(self, credential: str) -> Assertion | None:
        from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415

        try:
            answer = parse_authentication_credential_json(credential)
        except _refusals():
            return None
        return Assertion(answer.raw_id, answer.response.user_handle)

    def verify(self, credential: str, challenge: bytes, passkey: Passkey) -> int | None:
        import webauthn  # noqa: PLC0415

        try:
            verified = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._party,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except _refusals() as error:
            _log.warning("passkey refused", reason=type(error).__name__, passkey_id=str(passkey.id))
            return None
        return verified.new_sign_count


def _refusals() -> tuple[type[Exception], ...]:
    """What the library raises for an answer that is not right, or is no answer: it reads foreign bytes."""
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    return (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, json.JSONDecodeError)
