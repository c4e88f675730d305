"""What the description of the events is compared with: the protobuf messages, and the code that emits them."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from kundenportal.events.v1 import event_type_pb2

from chassis.outbox import source_of
from local_run.checkout import ROOT

DESCRIPTION = ROOT / "docs" / "events" / "asyncapi.yaml"
_PROTOS = ROOT / "protos"


@dataclass(frozen=True, slots=True)
class DeclaredEvent:
    """A message with the option event_type."""

    event_type: str
    message: type[Message]
    package: str

    @property
    def name(self) -> str:
        return str(self.message.DESCRIPTOR.name)

    @property
    def service(self) -> str:
        """kundenportal.customer_link.events.v1 belongs to customer-link."""
        return self.package.split(".")[1].replace("_", "-")

    @property
    def source(self) -> str:
        return source_of(self.service)

    @property
    def fields(self) -> list[FieldDescriptor]:
        return list(self.message.DESCRIPTOR.fields)


@cache
def description() -> dict[str, Any]:
    """The AsyncAPI document."""
    read: dict[str, Any] = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    return read


def resolved(reference: str) -> Any:
    """What `#/components/…` names in the document."""
    found: Any = description()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


@cache
def declared_events() -> tuple[DeclaredEvent, ...]:
    """Every event of every service, as its protobuf files declare it."""
    return tuple(
        event for file in sorted(_PROTOS.glob("kundenportal/*/events/v1/*.proto")) for event in _events_of(file)
    )


def _events_of(file: Path) -> Iterator[DeclaredEvent]:
    module_name = ".".join(file.relative_to(_PROTOS).with_suffix("").parts) + "_pb2"
    module = importlib.import_module(module_name)
    for descriptor in module.DESCRIPTOR.message_types_by_name.values():
        event_type = descriptor.GetOptions().Extensions[event_type_pb2.event_type]
        yield DeclaredEvent(event_type, getattr(module, descriptor.name), module.DESCRIPTOR.package)


@cache
def emitted_messages() -> dict[str, set[str]]:
    """Full names of the event messages that code of a service makes, and the services that do.

    A consumer reads a payload with the class (`event.payload(LinkCreated)`); only who emits calls it.
    """
    made: dict[str, set[str]] = {}
    for file in sorted((ROOT / "services").glob("*/src/**/*.py")):
        service = file.relative_to(ROOT / "services").parts[0]
        for name in made_in(file.read_text(encoding="utf-8")):
            made.setdefault(name, set()).add(service)
    return made


def made_in(source: str) -> set[str]:
    """Full names of the event messages that a Python source makes."""
    tree = ast.parse(source)
    classes, modules = _imports(tree)
    made = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in classes and not _asks_for_type(tree, call):
            made.add(classes[call.func.id])
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
            package = modules.get(call.func.value.id)
            made |= {f"{package}.{call.func.attr}"} if package else set()
    return made


def _imports(tree: ast.AST) -> tuple[dict[str, str], dict[str, str]]:
    """Local names of event messages, and of modules of event messages, with what they stand for."""
    classes, modules = {}, {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or ".events.v1" not in (node.module or ""):
            continue
        package = str(node.module).removesuffix(".events_pb2")
        for alias in node.names:
            local = alias.asname or alias.name
            if node.module == package:
                modules |= {local: package} if alias.name == "events_pb2" else {}
            else:
                classes[local] = f"{package}.{alias.name}"
    return classes, modules


def _asks_for_type(tree: ast.AST, made: ast.Call) -> bool:
    """Whether a message is made only to ask for its type: `event_type(LinkCreated())`."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "event_type"
        and made in node.args
        for node in ast.walk(tree)
    )
