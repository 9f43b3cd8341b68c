"""The page in a browser: opens from disk, asks for nothing, sorts, filters, copies, saves, turns dark, reads on a phone."""

import pytest

from tandemplan.report.comparison import comparison
from tandemplan.report.page import page
from tandemplan.testing.runs import run_of

from .browser import Visit, chromium

LATE = "".join(f"\nd{n:03},city,1,bike,{n},2026-06-05,{n},{n % 7}" for n in range(1, 61))
DEMANDS = "[demand_summary]\ndemand,customer,demand_class,item,quantity,due,lost,late_unit_days" + LATE


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def many(programme):
    """Return a run of sixty late demands."""
    return run_of(DEMANDS + "\n[classes]\ndemand_class\n1")


@pytest.fixture(scope="module")
def file(programme, many, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "late demands.html"
    path.write_text(page(many, programme), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def first_steps(run, programme, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "first.html"
    path.write_text(page(run, programme), encoding="utf-8")
    return path


@pytest.fixture
def visit(browser, file):
    found = Visit(browser, file)
    yield found
    assert found.said == [], "nothing is said on the console"
    assert all(a.startswith(("file:", "blob:")) for a in found.asked), "nothing is asked of the network"
    found.page.context.close()


@pytest.fixture
def table(visit):
    """Return the table of late demands, in sight and awake."""
    box = visit.page.locator("#late-table")
    box.scroll_into_view_if_needed()
    box.locator(".pager button").first.wait_for()
    return box


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_page_is_there_and_fits_its_window(browser, first_steps, scheme, width):
    visit = Visit(browser, first_steps, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert visit.page.locator("h1").inner_text() == "First steps"
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, "it does not scroll sideways"
    assert visit.page.locator("[role=img]").count() == 7
    assert visit.page.evaluate(
        "[...document.querySelectorAll('[role=img]')].every(s => s.getBoundingClientRect().width > 100)"
    )
    assert visit.page.screenshot(full_page=True).startswith(b"\x89PNG")
    assert visit.said == []
    assert len(visit.asked) == 1, "the file itself and nothing else"
    visit.page.context.close()


def test_labels_of_pictures_neither_leave_them_nor_cover_each_other(browser, first_steps):
    visit = Visit(browser, first_steps, viewport={"width": 1440, "height": 900})
    assert visit.faulty_labels() == []
    visit.page.context.close()


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_the_order(visit, table):
    head = table.locator("thead th", has_text="asked")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert visit.column("late-table", 6)[:3] == ["1", "2", "3"], "numbers in order of size, not of letters"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert visit.column("late-table", 6)[:3] == ["60", "59", "58"]
    table.locator("thead th").first.locator("button").press("Enter")
    assert visit.column("late-table", 1)[:2] == ["d001", "d002"], "the keyboard sorts as well"


def test_the_filter_keeps_rows_with_all_words_and_counts_them(visit, table):
    assert table.locator(".count").inner_text() == "60 of 60"
    table.locator("input").fill("CITY d04")
    assert table.locator(".count").inner_text() == "10 of 60"
    assert set(visit.column("late-table", 1)) == {f"d{n:03}" for n in range(40, 50)}
    table.locator("input").fill("nowhere")
    assert "No row" in table.locator("tbody").inner_text()
    table.locator("input").press("Escape")
    assert table.locator(".count").inner_text() == "60 of 60"


def test_long_tables_are_turned_page_by_page(visit, table):
    assert len(visit.column("late-table", 1)) == 12
    table.get_by_role("button", name="All").click()
    assert len(visit.column("late-table", 1)) == 60
    table.locator("input").fill("d0")
    assert len(visit.column("late-table", 1)) == 25
    table.get_by_role("button", name="Later").click()
    assert "rows 26 to 50 of 60" in table.locator(".pager").inner_text()
    assert len(visit.column("late-table", 1)) == 25


def test_a_slash_goes_to_the_nearest_filter(visit, table):
    visit.page.keyboard.press("/")
    assert visit.page.evaluate("document.activeElement.closest('.data')?.id") == "late-table"
    visit.page.keyboard.type("d01/")
    assert table.locator("input").input_value() == "d01/", "in a filter a slash is a slash"


def test_what_is_copied_and_saved_has_headings_and_all_filtered_rows(visit, table):
    table.locator("input").fill("d0")
    table.get_by_role("button", name="Copy").click()
    lines = visit.page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(lines) == 61
    assert lines[0].split("\t")[:3] == ["demand", "class", "customer"]
    assert lines[1].split("\t")[4] == "2026-06-05", "days are ISO days"
    with visit.page.expect_download() as waited:
        table.get_by_role("button", name="Save as CSV").click()
    text = waited.value.path().read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 61
    assert waited.value.suggested_filename == "late-table.csv"


def test_a_saved_text_is_no_formula(browser, programme, tmp_path):
    rows = "".join(f"\n=d{n},1,bike,1,2026-06-05,1" for n in range(9))
    run = run_of("[demand_summary]\ndemand,demand_class,item,quantity,due,lost" + rows + "\n[classes]\ndemand_class\n1")
    (tmp_path / "p.html").write_text(page(run, programme), encoding="utf-8")
    visit = Visit(browser, tmp_path / "p.html")
    visit.page.locator("#late-table").scroll_into_view_if_needed()
    with visit.page.expect_download() as waited:
        visit.page.locator("#late-table").get_by_role("button", name="Save as CSV").click()
    assert all(line.startswith("'=d") for line in waited.value.path().read_text(encoding="utf-8-sig").splitlines()[1:])
    visit.page.context.close()


def test_the_switch_turns_dark_and_is_remembered(visit):
    light = visit.colour("paper")
    visit.page.locator("#theme").click()
    assert visit.page.locator("#theme").get_attribute("aria-pressed") == "true"
    dark = visit.colour("paper")
    assert dark != light
    visit.page.reload()
    assert visit.colour("paper") == dark
    visit.page.locator("#theme").click()
    assert visit.colour("paper") == light


def test_colours_of_text_stand_out(visit):
    """WCAG 2.2: a contrast of 4.5 for text, 3 for lines and shapes that mean something, in light and in dark."""
    for _ in ("light", "dark"):
        for back in ("paper", "ground"):
            assert all(
                _contrast(visit.colour(c), visit.colour(back)) >= 4.5 for c in ("ink", "soft", "solid", "warm", "good")
            )
        assert _contrast(visit.colour("on-head"), visit.colour("head")) >= 4.5
        assert _contrast(visit.colour("on-head-soft"), visit.colour("head")) >= 4.5
        for n in (1, 2, 3):
            assert _contrast(visit.colour("on-light"), visit.colour(f"heat{n}")) >= 4.5
        for n in (4, 5, 6):
            assert _contrast(visit.colour("on-heat"), visit.colour(f"heat{n}")) >= 4.5
        assert all(_contrast(visit.colour(c), visit.colour("paper")) >= 3 for c in ("dashed", "other", "focus"))
        visit.page.locator("#theme").click()


def _contrast(one, two):
    lights = sorted((_light(c) for c in (one, two)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _light(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_without_scripts_the_page_still_tells_everything_but_the_rest_of_long_tables(browser, file):
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto(file.as_uri())
    assert "60 demands of 60, the worst first" in shown.locator("#late").inner_text()
    assert shown.locator("#late-table tbody tr").count() == 12
    assert not shown.locator("#late-table .tools").is_visible()
    assert not shown.locator("#theme").is_visible()
    context.close()


def test_pointing_at_a_chart_tells_its_numbers(browser, first_steps):
    visit = Visit(browser, first_steps, viewport={"width": 1440, "height": 900})
    chart = visit.page.locator("#deliveries figure").nth(1)
    chart.locator("svg").scroll_into_view_if_needed()
    box = chart.locator("svg").bounding_box()
    visit.page.mouse.move(box["x"] + box["width"] - 16, box["y"] + box["height"] / 2)
    assert chart.locator(".tip").inner_text().splitlines() == [
        "up to 28 Jun 2026", "asked for: 20", "delivered: 14", "behind: 6"
    ]  # fmt: skip
    visit.page.keyboard.press("Escape")
    assert not chart.locator(".tip").is_visible()
    assert visit.said == []
    visit.page.context.close()


def test_it_prints_on_a4(browser, first_steps):
    visit = Visit(browser, first_steps)
    sheet = visit.page.pdf(prefer_css_page_size=True)
    assert sheet.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594" in sheet or b"/MediaBox [0 0 595" in sheet, "A4"
    visit.page.context.close()


def test_two_runs_compared_open_as_well(browser, run, many, programme, tmp_path):
    (tmp_path / "both.html").write_text(comparison(run, programme, many, programme), encoding="utf-8")
    visit = Visit(browser, tmp_path / "both.html", viewport={"width": 390, "height": 800})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visit.said == []
    visit.page.context.close()
