"""One database and role per service, made through psql: that takes no Python process and no driver."""

import asyncio
import hashlib
import os
from collections.abc import Mapping, Sequence

from local_run.cannot_start import CannotStart
from local_run.checkout import ROOT
from local_run.postgres import BINARIES, SUPERUSER, PostgresServer
from local_run.secrets_file import DATABASES


async def prepare_databases(server: PostgresServer, secrets: Mapping[str, str]) -> dict[str, str]:
    """Makes what is missing; gives for each database the schema fingerprint it was last migrated to, or ""."""
    script = "\n".join(_statements(name, secrets[f"database_{name}"]) for name in DATABASES)
    listing = "SELECT datname || '=' || coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database;"
    output = await _psql(server, secrets["postgres"], f"{script}\n{listing}\n")
    found = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    return {name: found[name] for name in DATABASES}


async def remember_schema(server: PostgresServer, password: str, fingerprints: Mapping[str, str]) -> None:
    """Writes fingerprints where they cannot be parted from the data: as comments on the databases."""
    script = "\n".join(f"COMMENT ON DATABASE {name} IS '{value}';" for name, value in fingerprints.items())
    await _psql(server, password, script)


def schema_fingerprint(service: str) -> str:
    """What decides the schema of a service: its migrations, and the chassis' tables that they create."""
    digest = hashlib.sha256()
    folders = [ROOT / "services" / service / "migrations", ROOT / "chassis" / "src" / "chassis" / "sql"]
    for file in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".sql"}):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _statements(name: str, password: str) -> str:
    return f"""
SELECT 'CREATE ROLE {name} LOGIN PASSWORD ''{password}''' WHERE NOT EXISTS
  (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
SELECT 'CREATE DATABASE {name} OWNER {name}' WHERE NOT EXISTS
  (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
REVOKE CONNECT ON DATABASE {name} FROM PUBLIC;
ALTER ROLE {name} SET idle_in_transaction_session_timeout = '60s';
"""  # noqa: S608 - names are our own, passwords are hexadecimal digits


async def _psql(server: PostgresServer, password: str, script: str) -> str:
    arguments: Sequence[str] = ("-h", "127.0.0.1", "-p", str(server.port), "-U", SUPERUSER, "-d", "postgres")
    process = await asyncio.create_subprocess_exec(
        str(BINARIES / "psql"),
        *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
        *arguments,
        env={**os.environ, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "10"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate(script.encode())
    if process.returncode != 0:
        raise CannotStart(f"The databases cannot be prepared: {errors.decode().strip()}")
    return output.decode()
