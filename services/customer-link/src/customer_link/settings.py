"""The settings of this service; nothing else reads the environment."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from chassis.settings import ServiceSettings
from customer_link.domain.customer import CustomerType, LinkLimits


class CustomerLinkSettings(ServiceSettings):
    """What an installation decides."""

    service: ClassVar[str] = "customer-link"

    identity_grpc: str
    """Addresses of identity: `host:port,host:port`."""
    code_keys: SecretStr
    """Keys by which codes are found and sealed: `id:base64,id2:base64`, the first is the current one."""


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
    types: tuple[_Type, ...]

    @property
    def limits(self) -> LinkLimits:
        """As the use cases know them."""
        return LinkLimits(holders=self.holders_limit, per_type=self.type_limit)

    @property
    def by_id(self) -> dict[str, CustomerType]:
        """The types by their ids."""
        return {each.id: CustomerType(each.id, each.label) for each in self.types}
