"""The kinds of tickets that a brand offers, and how tickets are shared there."""

from dataclasses import dataclass, field

from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility


@dataclass(frozen=True, slots=True)
class TicketKind:
    """A kind; `endings` are the states beyond the usual ones that it may end in (rejected, noted)."""

    id: str
    labels: dict[str, str]
    endings: frozenset[TicketState] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """What the brand decides about tickets."""

    kinds: dict[str, TicketKind]
    default_visibility: Visibility
    colleagues_comment: bool
    states: dict[str, dict[TicketState, str]] = field(default_factory=dict)

    def state_label(self, state: TicketState, language: str) -> str:
        """Give what customers read in place of a state."""
        return self.states.get(language, {}).get(state, state.value)

    def kind_label(self, kind: str, language: str) -> str:
        """Give what people read in place of a kind; of one that the brand has given up, its id."""
        known = self.kinds.get(kind)
        return known.labels.get(language, kind) if known else kind

    def endings(self, kind: str) -> frozenset[TicketState]:
        """Give the endings of a kind; a kind that the brand no longer offers has none."""
        known = self.kinds.get(kind)
        return known.endings if known else frozenset()
