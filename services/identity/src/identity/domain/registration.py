"""What a person fills in to register, and what may be wrong with it (A3)."""

from collections.abc import Collection
from dataclasses import dataclass

from identity.domain.normal_form import username_problem
from identity.domain.password_rules import PasswordRules
from identity.domain.profile import FIELDS, Profile

ORDER = (*(name for name in FIELDS if name != "phone"), "email", "phone", "username", "password", "consent")
"""Of the fields on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The form as typed; `email` is the checked address, None when it is none."""

    username: str
    profile: Profile
    email: str | None
    typed_email: str
    password: str
    consent: bool
    language: str

    @property
    def personal(self) -> tuple[str, ...]:
        """Words that must not be most of the password."""
        told = self.profile
        return (self.username, told.display_name, told.company, told.street, told.city, self.typed_email)

    def problems(self, rules: PasswordRules, required: Collection[str]) -> dict[str, str]:
        """Field → code of what is wrong with it, in the order of the form; `required` is what the brand insists on."""
        found: dict[str, str | None] = {
            **self.profile.problems(required),
            "email": self._email_problem(),
            "username": username_problem(self.username),
            "password": rules.problem(self.password, self.personal),
            "consent": None if self.consent else "consent_missing",
        }
        return {field: code for field in ORDER if (code := found.get(field))}

    def _email_problem(self) -> str | None:
        if self.email:
            return None
        return "email_invalid" if self.typed_email.strip() else "email_missing"
