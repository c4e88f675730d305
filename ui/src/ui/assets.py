"""Style sheets, scripts, fonts and the brand's drawings, under one address that names their content.

Every service serves the same set, so a page of one may use the files of any other.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.brand import Brand

PREFIX = "/assets"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_BRAND_FILES = ("logo.svg", "icon.svg", "tokens.css")
_IMMUTABLE = "public, max-age=31536000, immutable"
_CHECK_EACH_TIME = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the set."""

    content: bytes
    media_type: str


class AssetSet:
    """All files by name, held in memory; `version` is a hash of all names and contents."""

    def __init__(self, brand_dir: Path) -> None:
        self._assets = dict(_shared(files("ui") / "assets")) | dict(_of_brand(brand_dir))
        self.version = _version(self._assets)

    def url(self, name: str) -> str:
        """The address of a file; raises KeyError for a name that is not in the set."""
        if name not in self._assets:
            raise KeyError(f"no asset {name!r}")
        return f"{PREFIX}/{self.version}/{name}"

    def find(self, name: str) -> Asset | None:
        """The file of this name."""
        return self._assets.get(name)

    def names(self) -> list[str]:
        """Names of all files."""
        return sorted(self._assets)


@lru_cache(maxsize=8)
def asset_set(brand_dir: Path) -> AssetSet:
    """The files for the brand in this folder, read once in the life of the process."""
    return AssetSet(brand_dir)


def assets_app(brand: Brand) -> ASGIApp:
    """What to mount at /assets.

    A page of a newer replica may ask an older one, and the other way round: the file of the same name is served
    then, but not to be kept, because the other version's address names other content.
    """
    assets = asset_set(brand.dir)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(assets, scope)(scope, receive, send)

    return app


def _answer(assets: AssetSet, scope: Scope) -> Response:
    if scope["method"] not in {"GET", "HEAD"}:
        return PlainTextResponse("method not allowed", 405, headers={"Allow": "GET, HEAD"})
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", ""))).removeprefix(PREFIX)
    version, _, name = path.strip("/").partition("/")
    asset = assets.find(name)
    if asset is None:
        return PlainTextResponse("not found", 404, headers={"Cache-Control": "no-store"})
    kept = _IMMUTABLE if version == assets.version else _CHECK_EACH_TIME
    headers = {"Cache-Control": kept, "Content-Type": asset.media_type, "X-Content-Type-Options": "nosniff"}
    return Response(asset.content, headers=headers)


def _shared(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Asset]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _shared(entry, f"{prefix}{entry.name}/")
        elif (media_type := _TYPES.get(PurePosixPath(entry.name).suffix)) is not None:
            yield f"{prefix}{entry.name}", Asset(entry.read_bytes(), media_type)


def _of_brand(folder: Path) -> Iterator[tuple[str, Asset]]:
    for name in _BRAND_FILES:
        path = folder / name
        yield f"brand/{name}", Asset(path.read_bytes(), _TYPES[path.suffix])


def _version(assets: dict[str, Asset]) -> str:
    digest = hashlib.sha256()
    for name in sorted(assets):
        digest.update(f"{name}\0{len(assets[name].content)}\0".encode())
        digest.update(assets[name].content)
    return digest.hexdigest()[:12]
