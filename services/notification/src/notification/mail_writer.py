"""From a letter to a mail: text and HTML in the reader's language, in the brand's frame."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Annotated, Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from pydantic import BaseModel, ConfigDict, Field

from notification.envelope import envelope
from notification.happenings import Happening, Link, Person
from notification.letter import Letter, Occasion
from notification.letters import LETTERS, UNNAMED
from notification.mail_ledger import Mail
from notification.mailbox_address import mailbox_address
from ui.brand import Brand
from ui.formats import Formats
from ui.translations import load_translations


class MailLook(BaseModel):
    """The table [notification] of brand.toml."""

    model_config = ConfigDict(frozen=True)

    mail_from: str
    """Name beside the sender's address."""
    mail_color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    """Colour of button and links, as white text needs it: at least 4.5 to 1."""


class MailWriter:
    """Writes the mails of one brand. What takes time is done when it is made."""

    def __init__(self, brand: Brand, *, base_url: str, sender: str, clock: Callable[[], datetime]) -> None:
        """Sender is an address; links begin with the base URL and with nothing else (A04)."""
        self._brand = brand
        self._base_url = base_url.rstrip("/")
        look = MailLook.model_validate(brand.section("notification"))
        self._sender = Address(look.mail_from, addr_spec=sender)
        self._color = look.mail_color
        self._states: Mapping[str, Mapping[str, str]] = brand.section("ticketing")["states"]
        self._password_reset: str = brand.section("identity").get("password_reset", "chosen")
        self._clock = clock
        self._translations = {code: load_translations(code, ["ui", "notification"]) for code in brand.languages}
        self._text, self._html = _templates()
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)

    def write(self, mail: Mail, happening: Happening, reason: str, person: Person, link: Link | None) -> EmailMessage:
        """The mail, ready to hand over.

        Raises:
            BadAddress: the person cannot be written to.
        """
        code = person.language if person.language in self._translations else self._brand.language
        letter = self._letter(code, mail, happening, reason, person, link)
        message = self._envelope(mail, letter, person)
        frame = self._frame(code, mail, letter, person)
        message.set_content(self._text.render(frame), cte="quoted-printable")
        html = self._inliner.inline(self._html.render(frame))
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = code
        return message

    def _letter(
        self, code: str, mail: Mail, happening: Happening, reason: str, person: Person, link: Link | None
    ) -> Letter:
        formats, state = self._formats(code), happening.facts.get("state", "")
        occasion = Occasion(
            facts={
                **happening.facts,
                "state_label": self._states[code].get(state, state),
                "password_reset": self._password_reset,
            },
            reason=reason,
            person=person,
            happened=formats.datetime(mail.event_time),
            link=link.path if link else "",
            until=formats.datetime(link.expire_time) if link else "",
            password=link.password if link else "",
        )
        return LETTERS[mail.letter](self._translations[code].gettext, occasion)

    def _envelope(self, mail: Mail, letter: Letter, person: Person) -> EmailMessage:
        return envelope(
            sender=self._sender,
            recipient=mailbox_address(person.email),
            reply_to=self._brand.hotline.mail,
            subject=f"{letter.subject} – {self._brand.name}",
            mail_id=mail.id,
            thread_id=mail.subject,
            moment=self._clock().astimezone(self._brand.time_zone),
        )

    def _frame(self, code: str, mail: Mail, letter: Letter, person: Person) -> dict[str, Any]:
        hotline, _ = self._brand.hotline, self._translations[code].gettext
        # Whoever typed a stranger's address may have chosen the name: mails to unproven addresses do not repeat it.
        named = mail.letter not in UNNAMED and person.display_name
        return {
            "letter": letter,
            "language": code,
            "brand_name": self._brand.name,
            "product": self._brand.product,
            "brand_color": self._color,
            "greeting": _("Hello %(name)s,") % {"name": person.display_name} if named else _("Hello,"),
            "link": f"{self._base_url}{letter.path}",
            "link_hint": _("If the button does not work, copy this address into your browser:"),
            "direct_line": f"{hotline.label[code]} {hotline.number}",
            "hours": hotline.hours_text[code],
            "mail": hotline.mail,
            "base_url": self._base_url,
        }

    def _formats(self, code: str) -> Formats:
        return Formats(language=code, zone=self._brand.time_zone, currency=self._brand.currency, clock=self._clock)


def _templates() -> tuple[Template, Template]:
    environment = Environment(
        loader=PackageLoader("notification", "templates/mails"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("letter.txt"), environment.get_template("letter.html")
