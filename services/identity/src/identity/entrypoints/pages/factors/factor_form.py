"""The form in which a second factor is given, at the login and before sensitive changes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Response
from fastapi.responses import JSONResponse

from chassis.errors import DomainError, ErrorKind
from identity.domain.factors import Factors, Way
from identity.domain.passkey import Ceremony, CeremonyPurpose
from identity.entrypoints.pages.site import Site
from identity.usecases.give_second_factor import Given
from identity.usecases.passkey_ceremony import begin_ceremony

_MISSING = {Way.APP: "code_missing", Way.RECOVERY: "recovery_missing", Way.PASSKEY: "passkey_needs_script"}
_PLACES = {Way.APP: "code", Way.RECOVERY: "code", Way.PASSKEY: ""}


def factor_context(place: str, wanted: str, factors: Factors, chosen: str | None) -> dict[str, Any]:
    """What the template shows: the chosen way, or the usual one, and where the others are."""
    way = _way(factors, chosen)
    others = {each: f"{place}?{urlencode({'way': each, 'next': wanted})}" for each in factors.ways if each is not way}
    return {"place": place, "wanted": wanted, "way": way, "others": others}


def read_given(typed: Mapping[str, str], factors: Factors) -> Given:
    """What was typed, or what the passkey answered.

    Raises:
        DomainError: INVALID when nothing was.
    """
    way = _way(factors, typed.get("way"))
    field = "credential" if way is Way.PASSKEY else "code"
    value = typed.get(field, "").strip()
    if not value:
        raise DomainError(ErrorKind.INVALID, _MISSING[way], fields={_PLACES[way]: _MISSING[way]})
    return Given(way, value, ceremony=typed.get("ceremony", ""))


async def factor_options(site: Site, account_id: UUID, purpose: CeremonyPurpose) -> Response:
    """What the browser is to ask one of the account's passkeys."""
    async with site.database.transaction() as tx:
        records = site.records(tx)
        known = await records.passkeys.of_account(account_id)
        ceremony = await begin_ceremony(purpose, account_id, records=records, rules=site.rules)
    return ceremony_answer(ceremony, site.passkeys.request_options(ceremony.challenge, known))


def ceremony_answer(ceremony: Ceremony, options: Mapping[str, Any]) -> Response:
    """The answer that security.js understands."""
    return JSONResponse({"ceremony": str(ceremony.id), "options": dict(options)})


def _way(factors: Factors, chosen: str | None) -> Way:
    return next((way for way in factors.ways if way == chosen), factors.ways[0])
