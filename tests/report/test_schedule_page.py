"""The page of a schedule: what is late, orders on stations with who feeds whom, loads, materials."""

import json

import numpy as np
import pytest

from tandemplan.pegging.matching import matched
from tandemplan.pegging.schedules import shop_of
from tandemplan.pegging.tracing import traced
from tandemplan.report.figures.gantt import drawn
from tandemplan.report.figures.shop_load import courses
from tandemplan.report.gallery import SCHEDULE_FIGURES, figure
from tandemplan.report.gantt import data_of, gantt_of
from tandemplan.report.page import page
from tandemplan.results.schedule_shapes import SCHEDULE_SHAPES
from tandemplan.results.store import Run
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import schedule_of

from .browser import Visit, chromium

SHOP = """
    name = Chairs
    start = 2026-06-01
    start_time = 06:00
    periods = 1 week
    [items]
    item
    chair
    board
    [calendar_hours]
    calendar,rank,weekdays,from_time,to_time
    shift,1,Mon;Tue;Wed;Thu;Fri,06:00,14:00
    [suppliers]
    supplier
    mill
    [work_centres]
    work_centre,name,hours_calendar
    bench,Bench,shift
    saw,Saw,
    [processes]
    process,kind,item,supplier,fixed_hours,unit_hours
    build,make,chair,,0,1
    cut,make,board,,0,0.5
    [customers]
    customer,name,demand_class
    school,School,1
    shop,Shop,2
    [demands]
    demand,customer,item,quantity_units,due
    D1,school,chair,4,2026-06-01
    D2,shop,chair,8,2026-06-02
"""
# board: 4 lie there, 8 are cut in one lot; chairs: a lot of 4 for D1, one of 8 that is done on 3 June, a day late
RUN = """
    [classes]
    demand_class,demanded,on_time,late,lost,late_unit_days,lost_bound,bound,gap
    1,4,4,0,0,0,0,0,0
    2,8,0,8,0,4,0,2,0.5
    [demand_summary]
    demand,customer,demand_class,item,quantity,due,on_time,late,lost,late_unit_days,last_delivery
    D1,school,1,chair,4,2026-06-02T00:00:00,4,0,0,0,2026-06-01T10:00:00
    D2,shop,2,chair,8,2026-06-03T00:00:00,0,8,0,4,2026-06-03T12:00:00
    [deliveries]
    demand,order,customer,demand_class,item,quantity,due,delivered,late_days
    D1,O3,school,1,chair,4,2026-06-02T00:00:00,2026-06-01T10:00:00,0
    D2,O5,shop,2,chair,8,2026-06-03T00:00:00,2026-06-03T12:00:00,0.5
    [orders]
    order,process,kind,item,quantity,set_up_start,start,end,demand,status
    O1,build,make,chair,4,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T10:00:00,,new
    O2,cut,make,board,8,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T10:00:00,,new
    O3,,deliver,chair,4,2026-06-01T10:00:00,2026-06-01T10:00:00,2026-06-01T10:00:00,D1,new
    O4,build,make,chair,8,2026-06-02T10:00:00,2026-06-02T12:00:00,2026-06-03T12:00:00,,new
    O5,,deliver,chair,8,2026-06-03T12:00:00,2026-06-03T12:00:00,2026-06-03T12:00:00,D2,new
    [order_loads]
    order,work_centre,stations,used,set_up,set_up_start,start,end
    O1,bench,1,0,,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T10:00:00
    O4,bench,1,0,large,2026-06-02T10:00:00,2026-06-02T12:00:00,2026-06-03T12:00:00
    O2,saw,1,0,,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T10:00:00
    [order_flows]
    item,site,moment,order,quantity,stock
    board,,2026-06-01T06:00:00,,4,4
    board,,2026-06-01T06:00:00,O1,-4,0
    board,,2026-06-01T10:00:00,O2,8,8
    board,,2026-06-02T12:00:00,O4,-8,0
    chair,,2026-06-01T10:00:00,O1,4,4
    chair,,2026-06-01T10:00:00,O3,-4,0
    chair,,2026-06-03T12:00:00,O4,8,8
    chair,,2026-06-03T12:00:00,O5,-8,0
    [load]
    resource,counts,from_moment,to_moment,available,used
    bench,stations,2026-06-01T00:00:00,2026-06-08T00:00:00,40,14
"""


def whole(text):
    """Return the schedule of some tables, the others without rows."""
    blank = "".join(f"[{s.name}]\n{s.names[0]}\n" for s in SCHEDULE_SHAPES if f"[{s.name}]" not in text)
    return schedule_of(blank + text)


@pytest.fixture(scope="module")
def shop():
    return programme_of(SHOP)


@pytest.fixture(scope="module")
def run():
    return schedule_of(RUN)


def test_the_page_says_what_is_late_and_by_how_much(run, shop):
    text = page(run, shop)
    assert (
        "33.3 % of 12 units are in time; the first class that waits is class 2 (Shop)".replace(" %", "\u00a0%") in text
    )
    assert "8 late by 4 unit-days" in text
    assert "Ended by" not in text
    assert "src=" not in text, "nothing is asked of the network"


def test_bars_carry_set_ups_lateness_and_who_feeds_whom(run, shop):
    found = gantt_of(run, shop)
    assert [r.name for r in found.rows] == ["Bench (bench)", "Saw (saw)"]
    said = json.loads(data_of(found))
    names = said["orders"]["name"]
    assert [names[o] for o in said["bars"]["order"]] == ["O1", "O4", "O2"]
    assert said["bars"]["change"] == [0, 7200, 0]
    assert said["orders"]["late"] == [0, 0.5, 0, 0.5, 0.5]
    links = sorted(
        (names[a], names[b], q)
        for a, b, q in zip(said["links"]["of"], said["links"]["to"], said["links"]["q"], strict=True)
    )
    assert links == [("O1", "O3", 4), ("O2", "O4", 8), ("O4", "O5", 8)]
    shut = said["shut"][said["shuts"][0]]
    assert shut[:4] == [0, 6 * 3600, 14 * 3600, 30 * 3600]
    assert said["shut"][said["shuts"][1]] == []


def test_loads_by_day_are_hours_of_open_time(run, shop):
    found, cut = courses(run, shop)
    bench = next(c for c in found if c.name.startswith("Bench"))
    assert cut.step == "period"
    assert bench.hours == (8, 8, 8)
    assert bench.used == (4, 4, 6)


def test_every_figure_of_a_schedule_is_an_svg_of_its_own(run, shop):
    for name in SCHEDULE_FIGURES:
        found = figure(name, run, shop)
        assert found.svg.startswith("<svg")
        assert found.body
    assert "O4: 8 of chair by build, set-up from 2026-06-02 10:00, 2026-06-02 12:00 to 2026-06-03 12:00, 12 hours late" in figure("gantt", run, shop).svg  # fmt: skip


def test_a_schedule_without_orders_has_a_page(shop):
    bare = whole("")
    assert "Nothing is asked for." in page(bare, shop)
    assert drawn(gantt_of(bare, shop)).panels == ()


def test_lots_of_a_schedule_are_shared_out_whole(run):
    goods = shop_of(run).goods
    pieces = traced(goods, matched(goods))
    shares = np.bincount(pieces.order, pieces.part, minlength=len(goods.orders))
    assert shares == pytest.approx(np.ones(len(shares)))
    assert sorted(goods.orders.kind.tolist()) == [
        "delivery",
        "delivery",
        "production",
        "production",
        "production",
        "stock",
    ]


def many(count: int) -> tuple[Run, str]:
    """Return a schedule of so many orders on twenty work centres, an hour each, and its programme."""
    centres = [f"w{n:02}" for n in range(20)]
    rows = [(f"O{k + 1}", centres[k % 20], f"2026-06-{1 + k // 480 % 28:02}T{k // 20 % 24:02}") for k in range(count)]
    orders = "\n".join(f"{o},p,make,chair,1,{t}:00:00,{t}:00:00,{t}:59:00,new" for o, _, t in rows)
    loads = "\n".join(f"{o},{w},1,{t}:00:00,{t}:00:00,{t}:59:00" for o, w, t in rows)
    text = (
        f"[classes]\ndemand_class\n[orders]\norder,process,kind,item,quantity,set_up_start,start,end,status\n{orders}\n"
    )
    text += f"[order_loads]\norder,work_centre,stations,set_up_start,start,end\n{loads}"
    model = "start = 2026-06-01\n[items]\nitem\nchair\n[work_centres]\nwork_centre\n" + "\n".join(centres)
    return whole(text), model + "\n[processes]\nprocess,item\np,chair\n"


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(run, shop, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "schedule.html"
    path.write_text(page(run, shop), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_gantt_is_drawn_and_fits_its_window(browser, file, scheme, width):
    visit = Visit(browser, file, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    colours = visit.page.evaluate(
        "() => { const c = document.querySelector('.gantt canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " const seen = new Set(); for (let i = 0; i < d.length; i += 4) seen.add(d[i] + ',' + d[i + 1] + ',' + d[i + 2]); return seen.size; }"
    )
    assert colours > 5
    assert visit.said == []
    assert len(visit.asked) == 1, "the file itself and nothing else"
    visit.page.context.close()


def test_keys_go_from_order_to_order_and_light_what_feeds_it(browser, file):
    visit = Visit(browser, file, viewport={"width": 1440, "height": 900})
    visit.page.locator(".gantt .field").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("ArrowRight")
    said = visit.page.locator(".gantt .said").inner_text()
    assert "O4: 8 of chair" in said
    assert "D2 of Shop, class 2" in said
    assert "8 of board from O2" in said
    lit = "[...document.querySelector('.gantt').gantt.lit].map(o => document.querySelector('.gantt').gantt.orders.name[o]).sort()"
    assert visit.page.evaluate(lit) == ["O2", "O4", "O5"]
    visit.page.keyboard.press("Escape")
    assert visit.page.evaluate("document.querySelector('.gantt').gantt.lit") is None
    visit.page.locator(".gantt input[type=search]").fill("d1")
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate(lit) == ["O1", "O3"]
    visit.page.context.close()


def test_without_script_there_is_a_picture_and_a_table(browser, file):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    shown = context.new_page()
    shown.goto(file.as_uri())
    assert shown.locator(".gantt .still svg").first.is_visible()
    assert not shown.locator(".gantt .field").is_visible()
    shown.locator("summary", has_text="The same as a table").click()
    assert "2026-06-02 12:00" in shown.locator("#gantt-table").inner_text()
    context.close()


def test_ten_thousand_bars_are_all_there(browser, tmp_path):
    run, model = many(10_000)
    path = tmp_path / "many.html"
    path.write_text(page(run, programme_of(model)), encoding="utf-8")
    visit = Visit(browser, path, viewport={"width": 1440, "height": 900})
    assert visit.page.evaluate("document.querySelector('.gantt').gantt.bars.row.length") == 10_000
    assert visit.said == []
    visit.page.context.close()
