"""Front-end files: brought by the build, found by name, and never fetched."""

from __future__ import annotations

import importlib.util
import inspect
import json
import shutil
from pathlib import Path

import folium
import pytest
from fastapi.openapi import docs
from hypothesis import given
from hypothesis import strategies as st

from data.errors import AssetMissing
from maps import assets

ROOT = Path(__file__).parents[1]
LOCK = json.loads((ROOT / "tools" / "frontend" / "package-lock.json").read_text("utf-8"))
PACKAGE = json.loads((ROOT / "tools" / "frontend" / "package.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def hook():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Npm:
    """Stands for npm: writes the chosen files, or fails as npm fails."""

    def __init__(self, lacking: str = "", status: int = 0, said: str = ""):
        self.lacking, self.status, self.said, self.calls = lacking, status, said, []

    def __call__(self, arguments: list[str], folder: Path) -> tuple[int, str]:
        self.calls.append(arguments)
        for name in PACKAGE["mutan"]["files"]:
            if name != self.lacking:
                (folder / "node_modules" / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / "node_modules" / name).write_text(name, "utf-8")
        return self.status, self.said


@pytest.fixture
def checkout(tmp_path):
    shutil.copytree(ROOT / "tools" / "frontend", tmp_path / "tools" / "frontend")
    return tmp_path


def test_the_lock_pins_every_package_by_hash_and_names_no_address():
    packages = {name: about for name, about in LOCK["packages"].items() if name}
    assert all(about["integrity"].startswith("sha512-") for about in packages.values())
    assert not any("resolved" in about for about in packages.values())
    assert "://" not in json.dumps(LOCK)


def test_package_and_lock_agree_on_exact_versions():
    assert LOCK["packages"][""]["dependencies"] == PACKAGE["dependencies"]
    locked = {name: LOCK["packages"][f"node_modules/{name}"]["version"] for name in PACKAGE["dependencies"]}
    assert locked == PACKAGE["dependencies"]


def test_every_package_that_gives_a_file_gives_its_licence_too():
    given_by = {target.split("/")[0] for target in PACKAGE["mutan"]["files"].values()}
    licensed = {t.split("/")[0] for t in PACKAGE["mutan"]["files"].values() if "LICENSE" in t}
    assert given_by == licensed


def test_the_build_copies_only_the_chosen_files_and_runs_no_package_script(hook, checkout):
    npm = Npm()
    assert hook.bring(checkout, npm)
    found = {
        p.relative_to(checkout / "maps/assets").as_posix() for p in (checkout / "maps/assets").rglob("*.*")
    }
    assert {name for name in found if not (checkout / "maps/assets" / name).is_dir()} - {".stamp"} == {
        target for target in PACKAGE["mutan"]["files"].values() if "." in target
    }
    assert npm.calls == [["ci", "--ignore-scripts", "--no-audit", "--no-fund"]]
    assert not list(checkout.rglob("node_modules"))


def test_a_second_build_with_the_same_lock_asks_npm_for_nothing(hook, checkout):
    hook.bring(checkout, Npm())
    again = Npm()
    assert not hook.bring(checkout, again)
    assert again.calls == []


def test_a_changed_lock_or_a_lost_file_is_brought_again(hook, checkout):
    hook.bring(checkout, Npm())
    (checkout / "maps/assets/leaflet/leaflet.js").unlink()
    assert hook.bring(checkout, Npm())
    lock = checkout / "tools/frontend/package-lock.json"
    lock.write_text(lock.read_text("utf-8").replace("sha512-", "sha512-0", 1), "utf-8")
    assert hook.bring(checkout, Npm())


def test_without_a_network_the_build_says_what_to_do_and_keeps_no_half(hook, checkout):
    npm = Npm(status=1, said="npm error code ENOTFOUND\nnpm error network no such host")
    with pytest.raises(
        SystemExit, match=r"(?s)ENOTFOUND.*What to do: build again where npm reaches.*or install that wheel"
    ):
        hook.bring(checkout, npm)
    assert not (checkout / "maps/assets").exists()


def test_a_chosen_file_that_its_package_lacks_is_named(hook, checkout):
    with pytest.raises(
        SystemExit, match=r"leaflet/dist/leaflet\.js is not in its package; correct mutan\.files"
    ):
        hook.bring(checkout, Npm(lacking="leaflet/dist/leaflet.js"))


def test_the_hook_has_the_files_packed_although_git_ignores_them(hook, checkout):
    hook.bring(checkout, Npm())
    made = hook.CustomBuildHook(str(checkout), {}, None, None, "", "wheel")
    build_data = {"artifacts": []}
    made.initialize("standard", build_data)
    assert build_data["artifacts"] == ["/maps/assets/"]


def test_every_address_of_the_table_leads_to_a_file_that_is_there():
    for url, name in assets.table().items():
        assert assets.local(url) == name
        assert name is None or assets.path(name).is_file()


def test_every_link_of_a_plain_folium_map_is_known():
    for _, url in [*folium.Map.default_js, *folium.Map.default_css]:
        assets.local(url)


def test_the_addresses_of_the_api_documentation_are_known():
    said = inspect.signature(docs.get_swagger_ui_html).parameters
    for name in ("swagger_js_url", "swagger_css_url", "swagger_favicon_url"):
        assert assets.path(assets.local(said[name].default)).is_file()


def test_a_newer_minor_version_is_the_same_file_and_a_newer_major_is_not():
    assert assets.local("https://code.jquery.com/jquery-3.9.0.min.js") == "jquery/jquery.min.js"
    with pytest.raises(AssetMissing):
        assets.local("https://code.jquery.com/jquery-4.0.0.min.js")


def test_an_unknown_address_is_named_with_the_way_to_add_it():
    with pytest.raises(
        AssetMissing, match=r"example\.org/new\.js.*tools/frontend/package\.json.*hatch_build\.py.*table"
    ):
        assets.local("https://example.org/new.js")


def test_before_the_build_the_message_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "ROOT", tmp_path / "assets")
    with pytest.raises(AssetMissing, match=r"python hatch_build\.py"):
        assets.path("leaflet/leaflet.js")


def test_our_own_files_have_names_as_well():
    assert assets.path("mutan/core.js").parent == assets.OWN
    assert {"mutan/core.js", "leaflet/leaflet.js", "swagger-ui/LICENSE"} <= assets.names()
    assert ".stamp" not in assets.names()


@given(
    st.one_of(
        st.text(max_size=30),
        st.lists(
            st.sampled_from(["..", ".", "mutan", "leaflet", "core.js", "", "assets.py", "~", "C:"]),
            max_size=6,
        ).map("/".join),
    )
)
def test_a_name_from_outside_leads_to_a_listed_file_or_nowhere(name):
    try:
        found = assets.path(name).resolve()
    except AssetMissing:
        return
    assert found.is_relative_to(assets.ROOT.resolve()) or found.is_relative_to(assets.OWN.resolve())


@pytest.mark.parametrize(
    "name",
    [
        "mutan/../palette.py",
        "leaflet/../../page.py",
        "/etc/hostname",
        "leaflet",
        ".stamp",
        "",
        "leaflet/" + "a" * 5000,
    ],
)
def test_a_name_that_climbs_out_is_refused(name):
    with pytest.raises(AssetMissing, match=r"There is no front-end file"):
        assets.path(name)


def test_an_embedded_style_needs_no_other_file():
    style = assets.embedded_style("leaflet/leaflet.css")
    assert style.count("url(data:image/png;base64,") == 3
    assert "url(images/" not in style


def test_a_script_inside_a_page_asks_for_no_source_map_and_has_plain_line_ends():
    assert "sourceMappingURL" not in assets.text("leaflet/leaflet.js")
    assert "\r" not in assets.text("leaflet/leaflet.css")


def test_a_linked_file_carries_a_part_of_its_hash():
    assert assets.link("leaflet/leaflet.js", "/assets/").startswith("/assets/leaflet/leaflet.js?v=")
    assert len({assets.link(name, "/a").partition("?v=")[2] for name in assets.names()}) > 10
