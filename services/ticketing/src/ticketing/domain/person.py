"""A person as a page names him or her."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """What is shown of an account; `active` says whether he or she can sign in."""

    name: str
    staff: bool = False
    active: bool = True
