"""The part of the composition root that is about other systems: JSON API, access tokens, imports."""

from fastapi import APIRouter

from identity.adapters.import_file_store import PostgresImportFileStore
from identity.adapters.mail_address import read_mail_address
from identity.adapters.oauth_protocol import OauthProtocol
from identity.core import Core
from identity.entrypoints.admin_clients import ClientAdmin
from identity.entrypoints.api import me
from identity.entrypoints.api.account_import import AccountImportApi
from identity.entrypoints.api.token import TOKEN_PATH, TokenFace
from identity.entrypoints.import_desk import ImportDesk
from identity.entrypoints.import_run import Importer
from identity.usecases.import_accounts import ImportRules


def api_routers(core: Core) -> list[APIRouter]:
    """The JSON API, and where other systems get their access to it."""
    return [me.router, make_token_face(core).router, AccountImportApi(make_importer(core)).router]


def make_token_face(core: Core) -> TokenFace:
    """Where other systems get their access tokens."""
    protocol = OauthProtocol(core.settings.base_url + TOKEN_PATH)
    return TokenFace(core.database, core.records, core.rules, protocol)


def make_importer(core: Core) -> Importer:
    """What accounts of older systems are imported with."""
    rules = ImportRules(core.brand.language, core.brand.languages, read_mail_address)
    return Importer(core.database, core.records, core.rules, rules, core.links.current)


def make_import_desk(core: Core) -> ImportDesk:
    """Where administrators hand in files of accounts."""
    return ImportDesk(make_importer(core), PostgresImportFileStore, core.sealer)


def make_client_admin(core: Core) -> ClientAdmin:
    """The commands about API clients."""
    return ClientAdmin(core.database, core.records, core.rules)
