"""Assets: one address for the whole set, kept for ever; another version's address still works, but is not kept."""

import gzip

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from ui.assets import AssetSet, asset_set, assets_app
from ui_site import BRANDS, ROOT, gallery_page, load_brand, make_pages

FIRST_VISIT = 200_000
LATER_PAGE = 20_000
FETCHED_FONTS = ("fonts/portal-sans-400.woff2", "fonts/portal-sans-500.woff2", "fonts/portal-sans-600.woff2")


def client(brand: str = "musik") -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/assets", assets_app(load_brand(brand)))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("portal.css", "text/css; charset=utf-8"),
        ("vendor/kern/kern.min.css", "text/css; charset=utf-8"),
        ("portal.js", "text/javascript; charset=utf-8"),
        ("vendor/htmx/htmx-4.0.1.min.js", "text/javascript; charset=utf-8"),
        ("fonts/portal-sans-400.woff2", "font/woff2"),
        ("brand/logo.svg", "image/svg+xml"),
        ("brand/tokens.css", "text/css; charset=utf-8"),
    ],
)
async def test_a_file_is_kept_for_ever_with_its_type(name: str, media_type: str) -> None:
    answer = await client().get(asset_set(load_brand("musik").dir).url(name))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_address_of_another_version_gives_the_file_but_not_to_keep() -> None:
    answer = await client().get("/assets/0123456789ab/portal.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/", "/assets/x", "/assets/x/nothing.css", "/assets/x/%2e%2e/%2e%2e/pages.py"])
async def test_anything_else_is_not_there(path: str) -> None:
    answer = await client().get(path)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


async def test_nothing_is_changed_here() -> None:
    assert (await client().post("/assets/x/portal.css")).status_code == 405


def test_the_version_is_the_content_and_the_brand() -> None:
    versions = {name: AssetSet(load_brand(name).dir).version for name in BRANDS}
    assert versions["musik"] != versions["software"]
    assert versions["musik"] == AssetSet(load_brand("musik").dir).version
    with pytest.raises(KeyError):
        asset_set(load_brand("musik").dir).url("nothing.css")


def test_vendored_files_have_their_licences_beside_them() -> None:
    vendor = ROOT / "ui" / "src" / "ui" / "assets" / "vendor"
    for folder in vendor.iterdir():
        assert any(file.name.startswith("LICENSE") for file in folder.iterdir()), folder.name


@pytest.mark.parametrize("brand", BRANDS)
def test_a_first_visit_and_a_later_page_stay_within_the_budget(brand: str) -> None:
    assets, pages = asset_set(load_brand(brand).dir), make_pages(load_brand(brand))
    names = [name for name in assets.names() if name.endswith((".css", ".js")) or name.startswith("brand/")]
    texts = sum(len(gzip.compress(_content(assets, name))) for name in names)
    fonts = sum(len(_content(assets, name)) for name in FETCHED_FONTS)
    page = len(gzip.compress(bytes(gallery_page(pages, "components-faulty").body)))
    assert texts + fonts + page < FIRST_VISIT
    assert page < LATER_PAGE


def test_the_style_sheet_stays_small_and_kern_unmodified() -> None:
    assets = asset_set(load_brand("musik").dir)
    assert len(_content(assets, "portal.css").splitlines()) < 300


def _content(assets: AssetSet, name: str) -> bytes:
    asset = assets.find(name)
    assert asset is not None
    return asset.content
