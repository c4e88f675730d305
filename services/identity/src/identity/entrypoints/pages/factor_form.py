"""The form in which a second factor is given, at the login and before sensitive changes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from chassis.errors import DomainError, ErrorKind
from identity.domain.factors import Factors, Way
from identity.usecases.give_second_factor import Given

_MISSING = {Way.APP: "code_missing", Way.RECOVERY: "recovery_missing"}


def factor_context(place: str, wanted: str, factors: Factors, chosen: str | None) -> dict[str, Any]:
    """What the template shows: the chosen way, or the usual one, and where the others are."""
    way = _way(factors, chosen)
    others = {each: f"{place}?{urlencode({'way': each, 'next': wanted})}" for each in factors.ways if each is not way}
    return {"place": place, "wanted": wanted, "way": way, "others": others}


def read_given(typed: Mapping[str, str], factors: Factors) -> Given:
    """What was typed.

    Raises:
        DomainError: INVALID when nothing was.
    """
    way, code = _way(factors, typed.get("way")), typed.get("code", "").strip()
    if not code:
        raise DomainError(ErrorKind.INVALID, _MISSING[way], fields={"code": _MISSING[way]})
    return Given(way, code)


def _way(factors: Factors, chosen: str | None) -> Way:
    return next((way for way in factors.ways if way == chosen), factors.ways[0])
