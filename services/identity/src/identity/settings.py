"""The settings of this service; nothing else reads the environment."""

from datetime import timedelta
from functools import cached_property
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from chassis.settings import ServiceSettings
from identity.domain.session import SessionLimits
from identity.domain.throttle import FAILURES_OF_ALL, Pace

ProfileField: TypeAlias = Literal[
    "salutation", "first_name", "last_name", "company", "street", "postal_code", "city", "country", "phone"
]


class IdentitySettings(ServiceSettings):
    """What an installation decides. The limits of sessions follow ASVS 7.3."""

    service: ClassVar[str] = "identity"

    challenge_keys: SecretStr
    """Keys of mailed links and signed cookies: `id:base64,id2:base64`, the first is the current one."""
    second_factor_keys: SecretStr
    """Keys under which TOTP secrets are sealed, in the same form."""
    notification_grpc: str
    """Addresses of notification: `host:port,host:port`."""
    customer_link_grpc: str
    """Addresses of customer-link, in the same form."""
    ticketing_grpc: str
    """Addresses of ticketing, in the same form."""
    password_passes: int = Field(default=2, ge=1)
    password_memory_kib: int = Field(default=19_456, ge=8)
    password_threads: int = Field(default=2, ge=1, le=8)
    customer_idle_minutes: int = Field(default=30, ge=1)
    customer_absolute_hours: int = Field(default=12, ge=1)
    remembered_days: int = Field(default=30, ge=1, le=90)
    """How long a customer who asks for it stays logged in on a device; staff cannot."""
    staff_idle_minutes: int = Field(default=30, ge=1)
    staff_absolute_hours: int = Field(default=12, ge=1)
    failed_logins_limit: int = Field(default=FAILURES_OF_ALL, ge=10)
    """Of everybody in ten minutes. Beyond it somebody tries stolen lists: strangers wait, known devices come in."""
    registrations_per_hour: int = Field(default=60, ge=1)
    """From one address: a company has one address for many people."""

    @cached_property
    def customer_limits(self) -> SessionLimits:
        """Of a customer's session."""
        return SessionLimits(
            timedelta(minutes=self.customer_idle_minutes), timedelta(hours=self.customer_absolute_hours)
        )

    @cached_property
    def remembered(self) -> timedelta:
        """Of a session of somebody who stays logged in."""
        return timedelta(days=self.remembered_days)

    @cached_property
    def staff_limits(self) -> SessionLimits:
        """Of a session of staff."""
        return SessionLimits(timedelta(minutes=self.staff_idle_minutes), timedelta(hours=self.staff_absolute_hours))

    @cached_property
    def registration_pace(self) -> Pace:
        """How often somebody at one address may register, which also bounds how fast user names can be tried."""
        hour = timedelta(hours=1)
        return Pace(free=self.registrations_per_hour, first=timedelta(minutes=5), longest=hour, forget=hour)


class IdentityBrand(BaseModel):
    """The table [identity] of brand.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    registration: Literal["open", "closed"]
    login: Literal["username", "email", "either"]
    """What the login form asks for; user name and the address of a confirmed account work in any case."""
    password_reset: Literal["chosen", "mailed"] = "chosen"  # noqa: S105 - a way, not a password
    """`mailed`: a generated password comes by a second mail and is changed at the first login (M5)."""
    shortest_password: int = Field(default=12, ge=12, le=64)
    """Characters; never less than 12."""
    required_fields: frozenset[ProfileField] = frozenset({"first_name", "last_name"})
    """What a person must tell of themselves; the other fields of a profile may stay empty."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "AT"
    """Where most people live: chosen already in the list of countries (ISO 3166-1 alpha-2)."""
    terms_version: str = ""
    """Of the terms of use that a registration agrees to, as the page `terms` of the pack has them."""

    @model_validator(mode="after")
    def _terms_are_named(self) -> "IdentityBrand":
        if self.open and not self.terms_version:
            raise ValueError("open registration needs terms_version")
        return self

    @property
    def password_is_mailed(self) -> bool:
        """Whether a forgotten password is replaced by a generated one."""
        return self.password_reset == "mailed"  # noqa: S105 - a way, not a password

    @property
    def open(self) -> bool:
        """Whether anybody may register."""
        return self.registration == "open"
