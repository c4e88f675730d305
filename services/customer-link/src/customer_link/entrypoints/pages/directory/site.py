"""What staff's pages of customers share."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from chassis.callers import staff
from chassis.sessions import Caller
from customer_link.entrypoints.pages.site import Site
from customer_link.usecases.import_contacts import ImportRules

CustomerStaff = Annotated[Caller, Depends(staff("agent", "advisor", "admin"))]
"""Who looks after customers."""


@dataclass(frozen=True, slots=True)
class DirectorySite:
    """Pages, and how contact persons are read."""

    site: Site
    contacts: ImportRules
