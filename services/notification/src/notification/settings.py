"""Where the service finds its neighbours and the mail server."""

from typing import ClassVar

from pydantic import SecretStr, field_validator

from chassis.settings import ServiceSettings
from notification.mail_server import MailServer


class Settings(ServiceSettings):
    """Read from PORTAL_… variables; nothing else reads the environment."""

    service: ClassVar[str] = "notification"
    identity_grpc: str
    customer_link_grpc: str
    ticketing_grpc: str
    smtp_url: SecretStr
    mail_from: str

    @field_validator("smtp_url")
    @classmethod
    def _usable(cls, url: SecretStr) -> SecretStr:
        MailServer.parse(url.get_secret_value())
        return url
