"""What a reader sees: names whole, full weeks not lost in means, pictures once, nothing clipped, paper filled."""

import re
import shutil
import subprocess
from datetime import date, timedelta

import pytest

from tandemplan.report.figures.load import load
from tandemplan.report.page import page
from tandemplan.report.sections import alone
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

from .browser import Visit, chromium

LONG = "Final inspection and government quality assurance with a calibration laboratory"
PLANT = f"""
start = 2026-06-01
periods = 60 weeks
[customers]
customer,name
host,Host armed forces
ally,Ally of the north
base,Ally of the south
[items]
item,name
bike,{LONG}
kit,Kit of parts for it
[sites]
site,name
hall,Host assembly plant in the industrial park of the north
[suppliers]
supplier,name
far,Supplier of kits with a long and proper name
[offers]
offer,supplier,item,site
O1,far,kit,hall
[work_centres]
work_centre,name,site
WC,{LONG},hall
"""


def weeks():
    return [date(2026, 6, 1) + timedelta(days=7 * n) for n in range(60)]


def load_rows():
    """Return forty hours a week, all used in the first week and half of them after."""
    lines = [f"WC,work centre,{d},40,{40 if n == 0 else 20},0" for n, d in enumerate(weeks())]
    return "\n".join(["[load]", "resource,kind,period_start,available_hours,used_hours,worth_per_hour", *lines])


def plant_run():
    limits = "\n".join(
        f"{what},{family},{name},{d},{stage},266.5,{unit},80"
        for d in weeks()[:50]
        for what, family, name, stage, unit in (
            ("supplier", "offers", "O1", "class 1 firm", "units"),
            ("material", "balance", "kit@hall", "class 1 firm", "units"),
            ("capacity", "hours", "WC", "cost", "hours"),
        )
    )
    late = "\n".join(
        f"d{n:03},{who},{c},bike,{n},2026-06-05,{n},{n % 7}" for n in range(1, 61) for who, c in [("ally", 2)]
    )
    return run_of(
        f"{load_rows()}\n[limits]\nwhat,family,name,period_start,stage,worth,unit,demands_hurt\n{limits}\n"
        f"[demand_summary]\ndemand,customer,demand_class,item,quantity,due,lost,late_unit_days\n{late}\n"
        "h,host,1,bike,5,2026-06-05,0,0\ns,base,2,bike,5,2026-06-05,0,0\n[classes]\ndemand_class\n1\n2"
    )


@pytest.fixture(scope="module")
def plant():
    return programme_of(PLANT)


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(plant, tmp_path_factory):
    path = tmp_path_factory.mktemp("looks") / "plant.html"
    path.write_text(page(plant_run(), plant), encoding="utf-8")
    return path


def test_full_weeks_are_not_lost_in_the_mean_of_a_month(plant):
    """June 2026 has five Mondays: one full week and four of 50 % are 60 % on average."""
    (panel,) = load(run_of(load_rows()), plant).panels
    june = panel.header.index("Jun 2026")
    assert panel.body[0][june] == "60 % (1 of 5 full)"
    assert panel.body[0][june + 1] == "50 %"
    assert "120 of 200 hours, full in 1 of 5 weeks" in panel.drawn
    assert panel.drawn.count('class="warm"') == 1, "one line, under June"
    line, month = (float(re.search(rf'class="{c}"[^>]* width="([\d.]+)"', panel.drawn)[1]) for c in ("warm", "h4"))
    assert line == pytest.approx(month / 5, abs=0.1), "a fifth of the month is full"


def test_no_line_is_drawn_where_every_week_is_full_or_none(plant):
    """All five weeks of June are full; 39 of 40 hours in each week of July are not."""
    rows = load_rows().replace(",40,20,", ",40,40,", 4)
    rows = re.sub(r"(2026-07-\d\d),40,20", r"\1,40,39", rows)
    (panel,) = load(run_of(rows), plant).panels
    june = panel.header.index("Jun 2026")
    assert panel.body[0][june : june + 2] == ("100 %", "98 %")
    assert 'class="warm"' not in panel.drawn
    assert panel.body[0][panel.header.index("full weeks")] == "5 of 60"


def test_weeks_without_hours_do_not_count_among_the_full(plant):
    rows = load_rows().replace("2026-06-08,40,20", "2026-06-08,0,0").replace("2026-06-15,40,20", "2026-06-15,40,40")
    (panel,) = load(run_of(rows), plant).panels
    assert panel.body[0][panel.header.index("Jun 2026")] == "75 % (2 of 4 full)"


def test_a_long_name_is_wrapped_not_cut(plant):
    (panel,) = load(run_of(load_rows()), plant).panels
    assert "…" not in panel.drawn
    assert " ".join(re.findall(r">([^<>]+)</text>", panel.bands[1][1])[1:4]).startswith(LONG)


def test_paper_may_end_between_any_two_rows_of_a_tall_picture(plant):
    (panel,) = load(run_of(load_rows()), plant).panels
    assert panel.height == sum(high for high, _ in panel.bands)
    assert max(high for high, _ in panel.bands) < 80, "no piece is tall"
    assert "Work centres" in panel.bands[1][1], "a heading stays with its first row"


def test_a_customer_that_is_a_class_is_drawn_once(plant):
    run = plant_run()
    assert alone(run, plant) == ("Host armed forces",)
    text = page(run, plant)
    titles = re.findall(r'panel-title"><bdi>(.*?)</bdi>', text)
    assert titles[:4] == [
        "Class 1: Host armed forces",
        "Class 2: Ally of the north and Ally of the south",
        "Ally of the north",
        "Ally of the south",
    ]
    assert "Host armed forces is a class of its own, drawn above." in text


def test_a_customer_of_two_classes_keeps_its_own_picture(plant):
    """Each class is one customer's, but the host stands in both: what it gets in all is drawn nowhere else."""
    heads = "demand,customer,demand_class,item,quantity,due"
    run = run_of(
        f"[demand_summary]\n{heads}\na,host,1,bike,5,2026-06-05\nb,host,2,bike,5,2026-06-05\nc,ally,3,bike,5,2026-06-05"
    )
    assert alone(run, plant) == ("Ally of the north",)


@pytest.mark.parametrize("width", [1440, 1280])
def test_no_table_is_wider_than_its_section(browser, file, width):
    visit = Visit(browser, file, viewport={"width": width, "height": 900})
    wide = visit.page.evaluate(
        "[...document.querySelectorAll('.data > .scroll')].filter(s => s.scrollWidth > s.clientWidth + 1).map(s => s.parentElement.id)"
    )
    assert visit.page.locator("#short").is_visible()
    assert wide == []
    assert visit.faulty_labels() == []
    visit.page.context.close()


def test_the_navigation_marks_what_is_read_in_a_tall_window(browser, file):
    visit = Visit(browser, file, viewport={"width": 1440, "height": 1600})
    current = visit.page.locator("nav a[aria-current]")
    assert current.all_inner_texts() == ["Answer"]
    visit.page.evaluate("document.querySelector('#limits').scrollIntoView({behavior: 'instant'})")
    visit.page.wait_for_selector("nav a[href='#limits'][aria-current]")
    assert current.all_inner_texts() == ["Limits"]
    visit.page.context.close()


def test_headings_are_repeated_whole_on_every_printed_page(browser, file, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("there is no pdftotext to read paper with")
    visit = Visit(browser, file)
    table = visit.page.locator("#late-table")
    table.scroll_into_view_if_needed()
    table.get_by_role("button", name="All").click()
    visit.page.pdf(path=tmp_path / "p.pdf", prefer_css_page_size=True)
    visit.page.context.close()
    told = subprocess.run(["pdftotext", "-layout", tmp_path / "p.pdf", "-"], check=True, capture_output=True, text=True)
    pages = [p for p in told.stdout.split("\f") if re.search(r"^ *d0\d\d ", p, re.MULTILINE)]
    assert len(pages) > 1
    for paper in pages:
        assert re.search(r"demand +class +customer", paper), "names, not only units"


def test_paper_breaks_tall_pictures_only_between_rows(browser, file):
    """Pictures may be broken, their rows may not; heads stay with the row below them, axes with the one above."""
    visit = Visit(browser, file)
    visit.page.emulate_media(media="print")

    def kept(chosen, rule):
        found = visit.page.evaluate(
            "([c, r]) => [...document.querySelectorAll(c)].map(e => getComputedStyle(e)[r])", [chosen, rule]
        )
        assert found, f"there is no {chosen}"
        return set(found)

    assert kept("figure:has(.pile)", "breakInside") == {"auto"}
    assert kept(".pile svg", "breakInside") == {"avoid"}
    assert kept(".pile svg:first-child", "breakAfter") == {"avoid"}
    assert kept(".pile svg:last-child", "breakBefore") == {"avoid"}
    assert kept("section h2, section h3, figcaption", "breakAfter") == {"avoid"}
    assert kept(".data thead", "display") == {"table-header-group"}
    visit.page.context.close()
