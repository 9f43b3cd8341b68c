"""Pages of large runs stay small and open whole."""

from datetime import date, timedelta

import pytest

from tandemplan.report.page import page
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

from .browser import Visit, chromium

ORDERS, WEEKS = 8_000, 156


@pytest.fixture(scope="module")
def text():
    """Return the page of a run of three years with many orders and a hundred demands."""
    start = date(2026, 6, 1)
    programme = programme_of(
        f"start = {start}\nperiods = {WEEKS} weeks\n[suppliers]\nsupplier,name\n"
        + "".join(f"s{n},Supplier number {n} of many\n" for n in range(40))
    )
    bought = "".join(
        f"\nP-{n:05},s{n % 40},kit{n % 90},plant,{n * 0.123456:.6f},{start + timedelta(days=n % 900)},"
        f"{start + timedelta(days=n % 900 + 60)},{n * 3.21:.2f}"
        for n in range(ORDERS)
    )
    loads = "".join(
        f"\nWC-{c},work centre,plant,{start + timedelta(weeks=w)},40,{(c * 7 + w) % 41}"
        for c in range(40)
        for w in range(WEEKS)
    )
    asked = "".join(f"\nd{n:03},1,bike,{n},{start + timedelta(days=n)},{n % 3},{n % 3}" for n in range(1, 101))
    run = run_of(
        "[purchases]\norder,supplier,item,site,quantity,release,receipt,cost"
        + bought
        + "\n[load]\nresource,kind,site,period_start,available_hours,used_hours"
        + loads
        + "\n[demand_summary]\ndemand,demand_class,item,quantity,due,lost,late_unit_days"
        + asked
        + "\n[classes]\ndemand_class\n1"
    )
    return page(run, programme)


def test_a_page_of_thousands_of_orders_is_less_than_three_megabytes(text):
    assert text.count("<tr>") < 2_000, "most rows stand in the data, not in the text"
    assert "P-07999" in text
    assert len(text.encode("utf-8")) < 3_000_000


def test_thousands_of_rows_are_filtered_in_the_browser(text, tmp_path):
    (tmp_path / "large.html").write_text(text, encoding="utf-8")
    with chromium() as browser:
        visit = Visit(browser, tmp_path / "large.html")
        visit.page.locator("summary", has_text="Purchase orders").click()
        box = visit.page.locator("#purchases-table")
        box.locator(".pager button").first.wait_for()
        box.locator("input").fill("P-079")
        assert box.locator(".count").inner_text() == "100 of 8,000"
        assert visit.said == []
        assert visit.faulty_labels() == []
