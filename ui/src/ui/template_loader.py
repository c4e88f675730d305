"""Templates compiled once, at the start, and shared by the environments of all languages."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, Template, TemplateNotFound


class CompiledLoader(BaseLoader):
    """All templates of some packages as code; a later package's template hides an earlier one's of the same name."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._sources: dict[str, str] = {}
        for package in packages:
            folder = files(package) / "templates"
            if folder.is_dir():
                self._sources |= dict(_templates(folder))
        self._code: dict[str, CodeType] = {}

    def compile_all(self, environment: Environment) -> None:
        """Compile every template, so that a mistake in one stops the start and not a page."""
        self._code = {name: environment.compile(source, name, name) for name, source in self._sources.items()}

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        """The template, bound to this environment."""
        if name not in self._code:
            raise TemplateNotFound(name)
        return environment.template_class.from_code(environment, self._code[name], globals or {})

    def get_source(self, _environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The source, for Jinja's messages."""
        if template not in self._sources:
            raise TemplateNotFound(template)
        return self._sources[template], template, None

    def list_templates(self) -> list[str]:
        """Names of all templates."""
        return sorted(self._sources)


def _templates(folder: Traversable, prefix: str = "") -> Mapping[str, str]:
    found: dict[str, str] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _templates(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".html", ".txt", ".svg")):
            found[f"{prefix}{entry.name}"] = entry.read_text("utf-8")
    return found
