"""A letter before it has a form, and what it may speak of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from notification.happenings import Person

Translate: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Occasion:
    """All that a letter may speak of."""

    facts: Mapping[str, str]
    reason: str
    """Why this person is told: self, reporter, colleague, assignee, holder."""
    person: Person
    happened: str
    """When it happened, as people read it."""
    link: str = ""
    """Path with the secret, where the letter carries one."""
    until: str = ""
    """Until when that link works, as people read it."""
    password: str = ""
    """The generated password that the letter brings."""

    @property
    def username(self) -> str:
        """The user name that the event was about, else today's."""
        return self.fact("username") or self.person.username

    def fact(self, name: str) -> str:
        """A fact of the emitter; empty when it said nothing."""
        return self.facts.get(name, "")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it has a form. `path` lies below the base URL."""

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    button: str
    path: str
    quote: str = ""
    password: str = ""
    notes: tuple[str, ...] = ()
