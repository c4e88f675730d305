"""Staff find accounts: by any part of what stands in them, or by a customer number that somebody holds."""

from dataclasses import dataclass

from identity.domain.account_search import AccountQuery, search_terms
from identity.usecases.account_surroundings import LinkSource


@dataclass(frozen=True, slots=True)
class WordsMeant:
    """What was typed, as a query; `numbers_known` is False when customer-link could not be asked."""

    query: AccountQuery
    numbers_known: bool = True


async def understand_words(typed: str, links: LinkSource) -> WordsMeant:
    """Reads the words. What has a digit in it may be a customer number, so its owner is asked; no transaction is open.

    The search itself is written down nowhere: only who opens an account is (S4).
    """
    terms = search_terms(typed)
    if not any(sign.isdigit() for sign in typed):
        return WordsMeant(AccountQuery(terms))
    holders = await links.holders(typed)
    return WordsMeant(AccountQuery(terms, also=holders or frozenset()), numbers_known=holders is not None)
