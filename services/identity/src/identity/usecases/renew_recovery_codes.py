"""Make ten recovery codes. They are given away here once; only keyed hashes of them are kept (A15)."""

from identity.domain.account import Account
from identity.domain.recovery_code import COUNT, code_of, plain_code
from identity.domain.security_change import SecurityChange
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules
from identity.usecases.tell_change import tell_change


async def renew_recovery_codes(
    account: Account, *, records: Records, rules: SessionRules, keys: FactorKeys
) -> list[str]:
    """New codes, as a person reads them; all earlier ones are void."""
    codes = [code_of(rules.new_token()) for _ in range(COUNT)]
    await records.recovery_codes.replace(account.id, [code_digests(account, code, keys=keys)[0] for code in codes])
    await tell_change(account.id, SecurityChange.RECOVERY_CODES_RENEWED, records=records, rules=rules)
    return codes


def code_digests(account: Account, code: str, *, keys: FactorKeys) -> list[bytes]:
    """The keyed hashes by which a code is found, under the current key and those before it."""
    return keys.macs("recovery", account.id.bytes + plain_code(code).encode())
