"""The part of the composition root that is about other systems: JSON API, access tokens, imports."""

from fastapi import APIRouter

from identity.adapters.import_file_store import PostgresImportFileStore
from identity.adapters.mail_address import read_mail_address
from identity.adapters.oauth_protocol import OauthProtocol
from identity.core import Core
from identity.entrypoints.admin_clients import ClientAdmin
from identity.entrypoints.api import document
from identity.entrypoints.api.account_import import AccountImportApi
from identity.entrypoints.api.accounts import AccountApi, AccountDesk
from identity.entrypoints.api.me import MeApi
from identity.entrypoints.api.token import TOKEN_PATH, TokenFace
from identity.entrypoints.import_desk import ImportDesk
from identity.entrypoints.import_run import Importer
from identity.settings import IdentityBrand
from identity.usecases.account_surroundings import LinkSource
from identity.usecases.import_accounts import ImportRules


def api_routers(core: Core, links: LinkSource) -> list[APIRouter]:
    """The JSON API, and where other systems get their access to it."""
    return [
        document.router,
        make_me(core).router,
        make_accounts(core, links).router,
        AccountImportApi(make_importer(core)).router,
        make_token_face(core).router,
    ]


def make_me(core: Core) -> MeApi:
    """What people ask about themselves."""
    brand = IdentityBrand.model_validate(core.brand.section("identity"))
    return MeApi(core.database, core.records, core.rules, _rules_for_people(core), brand.required_fields)


def make_accounts(core: Core, links: LinkSource) -> AccountApi:
    """What other systems ask about people."""
    people = _rules_for_people(core)
    return AccountApi(AccountDesk(core.database, core.records, core.rules, people, links, core.links.current))


def make_token_face(core: Core) -> TokenFace:
    """Where other systems get their access tokens."""
    protocol = OauthProtocol(core.settings.base_url + TOKEN_PATH)
    return TokenFace(core.database, core.records, core.rules, protocol)


def make_importer(core: Core) -> Importer:
    """What accounts of older systems are imported with."""
    return Importer(core.database, core.records, core.rules, _rules_for_people(core), core.links.current)


def make_import_desk(core: Core) -> ImportDesk:
    """Where administrators hand in files of accounts."""
    return ImportDesk(make_importer(core), PostgresImportFileStore, core.sealer)


def make_client_admin(core: Core) -> ClientAdmin:
    """The commands about API clients."""
    return ClientAdmin(core.database, core.records, core.rules)


def _rules_for_people(core: Core) -> ImportRules:
    return ImportRules(core.brand.language, core.brand.languages, read_mail_address)
