"""The JSON of accounts, as other systems and the person see it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.page_tokens import LONGEST_PAGE_TOKEN
from identity.domain.account import Account, AccountState
from identity.domain.account_search import SEARCH_LENGTH
from identity.domain.profile import FIELDS, LONGEST, Profile, Salutation

_LONGEST_EMAIL = 254
_LONGEST_REASON = 150
_LONGEST_NAME = 40


class Sent(BaseModel):
    """What a client sends: nothing but the fields named here (ASVS 15.3.3)."""

    model_config = ConfigDict(extra="forbid")


def _text(name: str, example: str) -> Any:
    return Field("", max_length=2 * LONGEST[name], examples=[example])


class ProfileFields(BaseModel):
    """What is known of a person; the empty text where nothing is."""

    salutation: Salutation = Field(Salutation.NONE, examples=["ms"])
    first_name: str = _text("first_name", "Anna")
    last_name: str = _text("last_name", "Muster")
    company: str = _text("company", "Gasthaus Zum Goldenen Ton")
    street: str = _text("street", "Ungargasse 12")
    postal_code: str = _text("postal_code", "1030")
    city: str = _text("city", "Wien")
    country: str = Field("", max_length=2, description="ISO 3166-1 alpha-2.", examples=["AT"])
    phone: str = _text("phone", "+43 1 234 56 78")


class ProfilePatch(Sent, ProfileFields):
    """What is to be changed; fields that are not sent stay as they are, the empty text empties one."""

    language: str = Field("", max_length=2, description="Of pages and mails.", examples=["de"])

    def applied_to(self, account: Account) -> tuple[Profile, str]:
        """The profile and the language as they shall be."""
        sent = self.model_dump(mode="json", exclude_unset=True)
        kept = {name: getattr(account, name) for name in FIELDS}
        return Profile.read(kept | sent), sent.get("language", account.language)


class NewAccount(Sent, ProfileFields):
    """A person who is to have an account, and sets the first password with a mailed link."""

    email: str = Field(max_length=_LONGEST_EMAIL, examples=["anna@beispiel.at"])
    username: str = Field("", max_length=_LONGEST_NAME, description="Without one, the address.", examples=["anna"])
    language: str = Field("", max_length=2, description="Without one, the brand's.", examples=["de"])
    notify: bool = Field(False, description="Mail the link now; without it, nobody gets a mail.")


class Reason(Sent):
    """Why; kept in the account's history, where the person reads it."""

    reason: str = Field(min_length=1, max_length=_LONGEST_REASON, examples=["Contract ended"])


class ListParameters(Sent):
    """Which accounts are wanted."""

    q: str = Field("", max_length=SEARCH_LENGTH, description="Words of names, addresses or a customer number.")
    state: AccountState | None = None
    page_size: int = Field(25, ge=1, le=100)
    page_token: str = Field("", max_length=LONGEST_PAGE_TOKEN)


class AccountStateJson(BaseModel):
    """What a client with `accounts:write` alone is shown."""

    account_id: UUID
    state: AccountState
    create_time: datetime


class AccountJson(AccountStateJson, ProfileFields):
    """An account."""

    username: str
    email: str
    display_name: str
    language: str

    @classmethod
    def of(cls, account: Account) -> "AccountJson":
        """Make it of an account."""
        return cls(
            account_id=account.id,
            state=account.state,
            create_time=account.created_at,
            username=account.known_as,
            email=account.email,
            display_name=account.display_name,
            language=account.language,
            **profile_of(account),
        )


class AccountsJson(BaseModel):
    """One page of a list (AIP-158)."""

    accounts: list[AccountJson]
    next_page_token: Annotated[str, Field(description="Empty at the end.")]
    numbers_searched: Annotated[
        bool, Field(description="False when customer numbers could not be looked through just now.")
    ]


def profile_of(account: Account) -> dict[str, Any]:
    """Values of ProfileFields."""
    return {name: getattr(account, name) for name in FIELDS}
