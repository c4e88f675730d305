"""What staff may do, as data: a permission, and the roles that have it."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from identity.domain.account import Account


class Role(StrEnum):
    """What a member of staff is to the organisation."""

    AGENT = "agent"
    """Answers tickets."""
    ADVISOR = "advisor"
    """Issues codes and decides on requests."""
    EDITOR = "editor"
    """Writes news and pages."""
    ADMIN = "admin"


class Permission(StrEnum):
    """What may be done with the accounts of others."""

    SEE_ACCOUNTS = "see_accounts"
    HELP_TO_SIGN_IN = "help_to_sign_in"
    """Send a link for a new password or the confirmation again, end sessions."""
    LOCK = "lock"
    """Lock and unlock, and open again what was closed by mistake."""
    CORRECT_ADDRESS = "correct_address"
    REMOVE_FACTOR = "remove_factor"
    MANAGE_STAFF = "manage_staff"
    """Add staff, change their roles, and everything else with accounts of staff."""


_SERVING = frozenset({Role.AGENT, Role.ADVISOR, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})
PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.SEE_ACCOUNTS: _SERVING,
    Permission.HELP_TO_SIGN_IN: _SERVING,
    Permission.LOCK: _SERVING,
    Permission.CORRECT_ADDRESS: _SERVING,
    Permission.REMOVE_FACTOR: _ADMINS,
    Permission.MANAGE_STAFF: _ADMINS,
}


def roles_for(permission: Permission) -> tuple[str, ...]:
    """The roles that have it, in the order of their names."""
    return tuple(sorted(PERMISSIONS[permission]))


def permitted(roles: Collection[str], permission: Permission) -> bool:
    """Whether one of the roles has it."""
    return not PERMISSIONS[permission].isdisjoint(roles)


def permitted_on(roles: Collection[str], permission: Permission, account: Account) -> bool:
    """The same for one account: what is done to colleagues takes an administrator, whatever it is.

    Else whoever may correct an address could take over an account with more rights than the own one.
    """
    if account.staff and permission is not Permission.SEE_ACCOUNTS:
        return permitted(roles, permission) and permitted(roles, Permission.MANAGE_STAFF)
    return permitted(roles, permission)
