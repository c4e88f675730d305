"""The table [ticketing] of brand.toml."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ticketing.domain.ticket_kind import Policy, TicketKind
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility

Flow = Literal["incident", "question", "change_request", "suggestion"]
# What a change request and a suggestion may come to beside being solved (DESIGN 6).
_ENDINGS: Mapping[Flow, frozenset[TicketState]] = {
    "change_request": frozenset({TicketState.REJECTED}),
    "suggestion": frozenset({TicketState.NOTED}),
}


class _Kind(BaseModel):
    """One kind of ticket."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    flow: Flow
    label: dict[str, str]


class TicketingBrand(BaseModel):
    """What a brand decides about tickets: kinds, who sees them by default, and how the states are called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_visibility: Literal["own", "organisation"]
    colleagues_comment: bool = True
    """Whether colleagues who see a ticket may comment on it too."""
    kinds: tuple[_Kind, ...] = Field(min_length=1)
    states: dict[str, dict[TicketState, str]]

    @model_validator(mode="after")
    def _names_every_state(self) -> "TicketingBrand":
        for language, labels in self.states.items():
            if missing := set(TicketState) - labels.keys():
                raise ValueError(f"states.{language} lacks {sorted(missing)}")
        return self

    @classmethod
    def read(cls, section: Mapping[str, Any], languages: tuple[str, ...]) -> "TicketingBrand":
        """Validate the table; every language of the brand needs every label."""
        brand = cls.model_validate(section)
        wanted = set(languages)
        named = [set(brand.states), *(set(kind.label) for kind in brand.kinds)]
        if any(wanted - languages_named for languages_named in named):
            raise ValueError(f"[ticketing] needs labels of kinds and states in {sorted(wanted)}")
        return brand

    def policy(self) -> Policy:
        """Give it as the rules need it."""
        kinds = {kind.id: TicketKind(kind.id, kind.label, _ENDINGS.get(kind.flow, frozenset())) for kind in self.kinds}
        return Policy(kinds, Visibility(self.default_visibility), self.colleagues_comment, self.states)
