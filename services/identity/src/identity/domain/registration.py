"""What a person fills in to register, and what may be wrong with it (A3)."""

from dataclasses import dataclass

from identity.domain.normal_form import username_problem
from identity.domain.password_rules import PasswordRules

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The form as typed; `email` is the checked address, None when it is none."""

    username: str
    first_name: str
    last_name: str
    company: str
    email: str | None
    typed_email: str
    password: str
    consent: bool
    language: str

    @property
    def display_name(self) -> str:
        """Name to show and to greet with."""
        return f"{self.first_name.strip()} {self.last_name.strip()}"

    @property
    def personal(self) -> tuple[str, ...]:
        """Words that must not be most of the password."""
        return (self.username, self.first_name, self.last_name, self.company, self.typed_email)

    def problems(self, rules: PasswordRules) -> dict[str, str]:
        """Field → code of what is wrong with it, in the order of the form."""
        found = {
            "username": username_problem(self.username),
            "first_name": _name_problem("first_name", self.first_name),
            "last_name": _name_problem("last_name", self.last_name),
            "company": "company_long" if len(self.company) > LONGEST_NAME else None,
            "email": self._email_problem(),
            "password": rules.problem(self.password, self.personal),
            "consent": None if self.consent else "consent_missing",
        }
        return {field: code for field, code in found.items() if code}

    def _email_problem(self) -> str | None:
        if self.email:
            return None
        return "email_invalid" if self.typed_email.strip() else "email_missing"


def _name_problem(field: str, value: str) -> str | None:
    if not value.strip():
        return f"{field}_missing"
    return f"{field}_long" if len(value.strip()) > LONGEST_NAME else None
