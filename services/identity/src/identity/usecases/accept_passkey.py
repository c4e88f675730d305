"""Accept a passkey's answer to a challenge (A16)."""

from identity.domain.passkey import Passkey
from identity.usecases.passkey_ceremony import passkey_refused
from identity.usecases.passkey_ports import PasskeyProtocol
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


async def accept_passkey(
    credential: str, challenge: bytes, *, records: Records, rules: SessionRules, protocol: PasskeyProtocol
) -> Passkey:
    """The passkey, its use noted. The caller judges whose it is.

    Raises:
        DomainError: INVALID `passkey_refused`: unknown, another user's, signed for another place or challenge, or with
            a sign count that shows a copy of it.
    """
    answer = protocol.read_assertion(credential)
    passkey = await records.passkeys.find(answer.credential_id) if answer else None
    if answer is None or passkey is None or answer.user_handle not in {None, passkey.account_id.bytes}:
        raise passkey_refused()
    sign_count = protocol.verify(credential, challenge, passkey)
    if sign_count is None or not await records.passkeys.accept(passkey.id, sign_count, rules.clock()):
        raise passkey_refused()
    return passkey
