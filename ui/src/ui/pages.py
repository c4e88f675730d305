"""Pages: templates of ui and of one service, rendered in the visitor's language and the brand's look."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote, urlencode
from uuid import uuid4

from babel import Locale
from babel.support import NullTranslations
from jinja2 import Environment, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ui import markdown
from ui.assets import asset_set
from ui.brand import Brand
from ui.error_page import describe, safe_to_show
from ui.formats import Clock, Formats
from ui.forms import Form, Message
from ui.language import language_of
from ui.template_loader import CompiledLoader
from ui.translations import load_translations

Gettext = Callable[..., str]


class PageSettings(Protocol):
    """What pages read of a service's settings."""

    @property
    def base_url(self) -> str:
        """Scheme, host and port that a browser sees."""


class Pages:
    """Renders the pages of one service. Templates and catalogues are read and compiled when it is made."""

    def __init__(
        self, settings: PageSettings, brand: Brand, package: str, *, clock: Clock = lambda: datetime.now(UTC)
    ) -> None:
        self.brand = brand
        self._base_url = settings.base_url.rstrip("/")
        self._clock = clock
        packages = ("ui", package) if package != "ui" else ("ui",)
        self._translations = {language: load_translations(language, packages) for language in brand.languages}
        self._loader = CompiledLoader(packages)
        self._environments = {language: self._environment(language) for language in brand.languages}
        self._loader.compile_all(self._environments[brand.language])
        for environment in self._environments.values():
            for name in self._loader.list_templates():
                environment.get_template(name)

    def language(self, request: Request) -> str:
        """The language that a page for this request is in."""
        return language_of(request, self.brand.languages)

    def gettext(self, language: str) -> Gettext:
        """Translate outside of a template: `_ = pages.gettext("de"); _("Ticket %(number)s opened", number=n)`."""
        translations = self._translations[language]
        return lambda message, **values: (
            translations.gettext(message) % values if values else (translations.gettext(message))
        )

    def ngettext(self, language: str) -> Gettext:
        """The same with a plural: `ngettext("%(num)s ticket", "%(num)s tickets", 3)`."""
        translations = self._translations[language]
        return lambda one, many, num, **values: translations.ngettext(one, many, num) % {"num": num, **values}

    def formats(self, language: str) -> Formats:
        """Dates, amounts and numbers in this language, for texts made outside of a template."""
        zone = self.brand.time_zone
        return Formats(language=language, zone=zone, currency=self.brand.currency, clock=self._clock)

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A whole page. `form`, if given, decides on the error prefix of the title."""
        language = self.language(request)
        page = self._environments[language].get_template(template)
        html = page.render(self._frame(request) | context)
        headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Cookie, Accept-Language"}
        return HTMLResponse(html, status_code=status, headers=headers)

    def fragment(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A part of a page with an address of its own."""
        return self.render(request, template, status=status, **context)

    def document(self, request: Request, name: str) -> HTMLResponse:
        """A page of the brand pack written in Markdown, such as `imprint`; raises BrandError without one."""
        document = self.brand.page(name, self.language(request))
        return self.render(request, "document.html", document=document)

    def error(
        self, request: Request, status: int, code: str, request_id: str, typed: Mapping[str, str]
    ) -> HTMLResponse:
        """The page for an error. It calls nobody, and shows what was typed, so that it is not lost, but no secrets."""
        return self.render(
            request,
            "error.html",
            status=status,
            error=describe(status, code),
            request_id=request_id,
            typed=safe_to_show(typed),
        )

    def _frame(self, request: Request) -> dict[str, Any]:
        """What the layout needs: who is there, where, and whether the direct line is open."""
        caller = getattr(request.state, "caller", None)
        path = request.url.path
        staff = bool(getattr(caller, "staff", False))
        shown = [link for link in self.brand.navigation if link.shown_to(signed_in=caller is not None, staff=staff)]
        profile = [link for link in self.brand.profile if link.shown_to(signed_in=caller is not None, staff=staff)]
        now = self._clock().astimezone(self.brand.time_zone)
        return {
            "visitor": caller,
            "path": path,
            "return_path": _return_path(request),
            "navigation": shown,
            "profile": profile,
            "hotline_open": self.brand.hotline.open_at(now),
            "hotline_next": self.brand.hotline.next_opening(now),
            "form": Form(),
        }

    def _environment(self, language: str) -> Environment:
        # Nothing may be folded into the compiled code that depends on the language: all languages share it.
        environment = Environment(
            loader=self._loader,
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            optimized=False,
            cache_size=-1,
        )
        self._translate(environment, self._translations[language])
        self._add_filters(environment, language)
        self._add_globals(environment, language)
        return environment

    @staticmethod
    def _translate(environment: Environment, translations: NullTranslations) -> None:
        # The extension adds this method; Jinja's own types do not know it.
        environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
        environment.policies["ext.i18n.trimmed"] = True

    def _add_filters(self, environment: Environment, language: str) -> None:
        formats = self.formats(language)
        names = ("date", "datetime", "day", "time", "weekday", "ago", "money", "number", "size")
        environment.filters |= {name: getattr(formats, name) for name in names}
        environment.filters["markdown"] = markdown.render

    def _add_globals(self, environment: Environment, language: str) -> None:
        gettext = self.gettext(language)
        brand = self.brand
        environment.globals |= {
            "asset": asset_set(brand.dir).url,
            "absolute": lambda path: f"{self._base_url}{path}",
            "brand": brand,
            "language": language,
            "other_languages": [name for name in brand.languages if name != language],
            "language_names": {name: Locale.parse(name).get_display_name(name) for name in brand.languages},
            "text": lambda key: brand.text(key, language),
            "label": lambda labels: labels.get(language) or labels[brand.language],
            "message": lambda value: (
                gettext(value.text, **value.values) if isinstance(value, Message) else (gettext(value))
            ),
            "new_key": lambda: str(uuid4()),
        }


def _return_path(request: Request) -> str:
    """This page's path and query, without a language asked for in it: the switch is to win."""
    query = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "lang"])
    path = quote(request.url.path)
    return f"{path}?{query}" if query else path
