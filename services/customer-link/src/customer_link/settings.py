"""The settings of this service; nothing else reads the environment."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from chassis.file_store import FilesUrl
from chassis.settings import ServiceSettings
from customer_link.domain.customer import LinkLimits


class CustomerLinkSettings(ServiceSettings):
    """What an installation decides."""

    service: ClassVar[str] = "customer-link"

    identity_grpc: str
    """Addresses of identity: `host:port,host:port`."""
    code_keys: SecretStr
    """Keys by which codes are found and sealed: `id:base64,id2:base64`, the first is the current one."""
    files_url: FilesUrl
    """Where documents are kept: `file:///folder` or `s3://bucket/prefix`."""


class _Type(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    label: dict[str, str]


class CustomerLinkBrand(BaseModel):
    """The table [customer_link] of brand.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holders_limit: int = Field(default=1, ge=1)
    """How many accounts may hold one number."""
    type_limit: int = Field(default=1, ge=1)
    """How many numbers of one type an account may hold."""
    data_max_age_hours: int = Field(default=24, ge=1)
    """After how many hours the data behind a number are asked for anew."""
    code_valid_days: int = Field(default=90, ge=1, le=730)
    """For how many days an activation code holds unless staff say otherwise."""
    letter_days: int = Field(default=7, ge=1, le=60)
    """After how many days an ordered letter arrives at the latest, as customers are told."""
    documents_days: int = Field(default=90, ge=1)
    """For how many days after its end the documents of a request are kept."""
    types: tuple[_Type, ...]

    @property
    def limits(self) -> LinkLimits:
        """As the use cases know them."""
        return LinkLimits(holders=self.holders_limit, per_type=self.type_limit)

    @property
    def data_max_age(self) -> timedelta:
        """The same as data_max_age_hours."""
        return timedelta(hours=self.data_max_age_hours)

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Labels of the types by id and language."""
        return {each.id: each.label for each in self.types}
