"""docs/operations.md names every setting, metric and budget, with its default and its number."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from repository_documents import table_rows

from bench import __main__ as bench
from bench import customers, mails, page_weight, ticket_pages
from chassis.metrics import Metrics
from chassis.outbox_metrics import OutboxMetrics
from chassis.settings import ServiceSettings
from customer_link.settings import CustomerLinkSettings
from identity.settings import IdentitySettings
from local_run.checkout import ROOT
from notification.settings import Settings as NotificationSettings
from ticketing.settings import TicketingSettings

TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SERVICES = (IdentitySettings, CustomerLinkSettings, TicketingSettings, NotificationSettings)
ROWS = {row[0].strip("`"): row[1:] for row in table_rows(TEXT, "variable")}


def _declared() -> Mapping[str, tuple[str, FieldInfo]]:
    """Variables with the services that read them."""
    found: dict[str, tuple[str, FieldInfo]] = {}
    for name, field in ServiceSettings.model_fields.items():
        found[f"PORTAL_{name.upper()}"] = ("all", field)
    own = {name for settings in SERVICES for name in settings.model_fields} - set(ServiceSettings.model_fields)
    for name in own:
        readers = [settings for settings in SERVICES if name in settings.model_fields]
        services = ", ".join(sorted(settings.service for settings in readers))
        found[f"PORTAL_{name.upper()}"] = (services, readers[0].model_fields[name])
    return found


def test_every_setting_has_a_row_and_every_row_is_a_setting() -> None:
    assert sorted(ROWS) == sorted(_declared())


@pytest.mark.parametrize("variable", sorted(_declared()))
def test_services_default_and_secrecy_are_as_declared(variable: str) -> None:
    services, field = _declared()[variable]
    told_services, told_default, told = ROWS[variable]
    assert told_services == services
    assert told_default == _default(field) or field.default_factory
    assert told.startswith("secret;") == (field.annotation is SecretStr)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "none" if field.default is None else f"`{field.default}`"


def test_other_variables_of_the_portal_are_read_somewhere() -> None:
    sources = "\n".join(
        file.read_text() for file in [*ROOT.glob("chassis/src/**/*.py"), *ROOT.glob("deploy/local/src/**/*.py")]
    )
    for variable in set(re.findall(r"PORTAL_[A-Z_]+[A-Z]", TEXT)) - set(ROWS):
        assert variable in sources, variable


def test_metrics_are_those_of_a_process() -> None:
    metrics = Metrics()
    OutboxMetrics(metrics.registry)
    ours = [family.name for family in metrics.registry.collect() if family.name.startswith("kundenportal_")]
    assert sorted(row[0].strip("`") for row in table_rows(TEXT, "metric")) == sorted(ours)


def test_no_metric_is_made_elsewhere() -> None:
    made = {name for file in _sources() for name in re.findall(r'"(kundenportal_[a-z_]+)"', file.read_text())}
    assert made == {row[0].strip("`") for row in table_rows(TEXT, "metric")}


def _sources() -> list[Path]:
    return [*ROOT.glob("chassis/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py"), *ROOT.glob("ui/src/**/*.py")]


def test_health_endpoints_are_answered() -> None:
    source = (ROOT / "chassis" / "src" / "chassis" / "health.py").read_text()
    answered = re.findall(r'case "(/[^"]+)":', source)
    assert sorted(row[0].strip("`") for row in table_rows(TEXT, "path")) == sorted(answered)


def test_log_events_worth_an_alarm_are_logged() -> None:
    sources = "\n".join(file.read_text() for file in _sources())
    sentence = re.search(r"Worth an alarm: (.+?)\.\n", TEXT, re.DOTALL)
    assert sentence is not None
    for event in re.findall(r"`([^`]+)`", sentence[1]):
        assert f'("{event}"' in sources, event


def test_budgets_are_those_that_the_benchmark_measures() -> None:
    many, few = f"{ticket_pages._MANY:,}", f"{ticket_pages._FEW:,}"
    budgets = [
        [f"ticket list and ticket, {ticket_pages._CLIENTS} clients", f"p95 under {ticket_pages._BUDGET_MS} ms"],
        [f"the same with {many} tickets against {few}", f"at most {ticket_pages._GROWTH} times"],
        [
            f"lists of customers, codes and requests, with {customers._MANY:,} numbers against {customers._FEW:,}",
            f"at most {customers._GROWTH} times",
        ],
        ["commit to hand-over to the mail server", f"p99 under {mails._BUDGET_MS} ms"],
        ["registration to the mail in the mailbox", f"{mails._BUDGET_SECONDS:.0f} s"],
        ["first visit", f"at most {page_weight._FIRST} kB over the wire"],
        ["a later page", f"at most {page_weight._LATER} kB"],
        ["the idle run with PostgreSQL and Traefik", f"at most {bench._MEMORY_MIB} MiB"],
        ["warm start to ready", f"{bench._READY_SECONDS} s"],
    ]
    assert table_rows(TEXT, "what") == budgets
