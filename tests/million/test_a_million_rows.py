"""A million customer numbers, a million tickets: no list may feel them. The figures are printed as they are found."""

import sys
from collections.abc import Iterator, Sequence

import pytest

from bench.customers import measure_customers
from bench.portal_run import PortalRun, running
from bench.report import Row, table
from bench.ticket_pages import measure_growth, measure_pages
from local_run.free_ports import free_port


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalRun]:
    with running(tmp_path_factory.mktemp("million"), free_port(), "--bus", "local") as portal:
        yield portal


def test_no_list_of_customers_codes_or_requests_feels_a_million_numbers(
    run: PortalRun, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        hold(measure_customers(run))


def test_no_list_of_tickets_feels_a_million_of_them(run: PortalRun, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        # Whether pages are fast enough in themselves is judged by ./portal bench, on a machine that does nothing else.
        sys.stdout.write(table(measure_pages(run)))
        hold(measure_growth(run))


def hold(rows: Sequence[Row]) -> None:
    """Prints the rows; none may miss its budget."""
    sys.stdout.write(f"\n{table(rows)}\n")
    assert not [row for row in rows if row.good is False]
