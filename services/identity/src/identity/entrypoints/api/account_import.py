"""`POST /api/v1/accounts:import`: accounts of an older system (A4, S6)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from chassis.api_clients import ApiClient, client
from identity.domain.history import ActorKind
from identity.entrypoints.account_file import csv_lines, json_lines
from identity.entrypoints.import_run import Importer
from identity.usecases.import_accounts import ImportAuthor, ImportReport

IMPORT_PATH = "/api/v1/accounts:import"
BODY_LIMIT = 20 * 1024 * 1024
_MOST_SHOWN = 1000
_READERS = {
    "text/csv": csv_lines,
    "application/jsonl": json_lines,
    "application/x-ndjson": json_lines,
}

Writer = Annotated[ApiClient, Depends(client("accounts:write"))]


class ImportParameters(BaseModel):
    """How to import."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(False, description="Look at every line and change nothing.")
    notify: bool = Field(False, description="Mail whoever has no password yet a link to choose one.")


class BadLineJson(BaseModel):
    """One thing that is wrong with a line."""

    line: int = Field(description="As an editor numbers it; the head of a CSV file is line 1.")
    column: str = Field(description="Empty for the line as a whole.")
    problem: str = Field(description="A code, such as email_invalid or username_taken.")


class ImportResult(BaseModel):
    """What became of the lines."""

    dry_run: bool
    active: int = Field(description="Can log in with their old password.")
    invited: int = Field(description="Have no password yet.")
    known: int = Field(description="Were there already, by their external_id; left as they are.")
    refused: int = Field(description="Lines with something wrong.")
    bad_lines: list[BadLineJson] = Field(description=f"The first {_MOST_SHOWN} things that are wrong.")

    @classmethod
    def of(cls, report: ImportReport, *, dry_run: bool) -> "ImportResult":
        """Make it of a report."""
        bad = [BadLineJson(line=one.line, column=one.column, problem=one.problem) for one in report.bad[:_MOST_SHOWN]]
        return cls(
            dry_run=dry_run,
            active=report.active,
            invited=report.invited,
            known=report.known,
            refused=report.refused,
            bad_lines=bad,
        )


class AccountImportApi:
    """One route. It may be sent again: lines with a known external_id are left as they are."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer
        self.router = APIRouter()
        self.router.add_api_route(IMPORT_PATH, self.take, methods=["POST"], max_body_size=BODY_LIMIT)

    async def take(self, request: Request, caller: Writer, asked: Annotated[ImportParameters, Query()]) -> ImportResult:
        """Import accounts from CSV or JSON lines, streamed; good lines are imported although others are bad."""
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in _READERS:
            raise HTTPException(415)
        lines = _READERS[content_type](request.stream())
        author = ImportAuthor(ActorKind.CLIENT, caller.client_id)
        report = await self._importer.run(lines, dry_run=asked.dry_run, notify=asked.notify, author=author)
        return ImportResult.of(report, dry_run=asked.dry_run)
