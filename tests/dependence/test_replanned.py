"""Dependence where everything is planned anew: a small plant by hand, and random programmes against a model of the changed programme built anew."""

import json
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tandemplan.cli import app
from tandemplan.dependence.replanned import Through, replanned
from tandemplan.dependence.sources import Source
from tandemplan.model.schema import Offer, OpenOrder, Risk
from tandemplan.model.variants import with_rows
from tandemplan.network.network import network_of
from tandemplan.plan import PlanOptions, lost, plan
from tandemplan.plan.again import Base, carried
from tandemplan.plan.lost import RUNGS, _by_class, _stages, _stays, worse_by
from tandemplan.plan.model import model_of
from tandemplan.plan.ramp import assumed
from tandemplan.plan.standing import EASED, Standing, standing
from tandemplan.problems import SolverStoppedError
from tandemplan.report.gallery import figure
from tandemplan.report.page import page
from tandemplan.results.dependence_shape import REPLANNED
from tandemplan.results.store import read_answer, write_run
from tandemplan.solver import highs
from tandemplan.solver.held import relaxed
from tandemplan.solver.reduced import reduced
from tandemplan.solver.stages import Work
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes

# ten bikes each Friday; kits of `far` come after a week and a day, those of `near` (three a week) cost more
PLANT = """
start = 2026-06-01
periods = 6 weeks
currency = EUR
[items]
item
bike
kit
[suppliers]
supplier,recover_days
far,14
near,7
[offers]
offer,supplier,item,unit_price,lead_days,capacity_units_per_week
kits,far,kit,100,7,20
others,near,kit,200,1,3
[bom]
parent,component,quantity_units
bike,kit,1
[operations]
item,step,work_centre,plateau_hours
bike,1,bench,1
[work_centres]
work_centre,stations
bench,1
[stock]
item,quantity_units
kit,20
[customers]
customer,demand_class
city,1
school,2
[demands]
demand,customer,item,quantity_units,due
D1,city,bike,10,2026-06-05
D2,school,bike,10,2026-06-12
D3,city,bike,10,2026-06-19
D4,city,bike,10,2026-06-26
D5,city,bike,10,2026-07-03
D6,city,bike,10,2026-07-10
"""


def told(first=None, plant=PLANT, kinds=("supplier",)):
    programme = programme_of(plant)
    frame = replanned(programme, plan(programme), kinds, first=first, workers=0)
    return {frame["name"][k]: {n: frame[n][k] for n in frame} for k in range(len(frame["name"]))}


def test_other_sources_and_later_classes_make_up_for_a_loss():
    """Lost from 8 to 22 June, far sends nothing on 12 and 19 June: near sends 3 each, so 4 of the city's 10 of 19 June are the school's, which waits for 26 June."""
    far = told(date(2026, 6, 8))["far"]
    assert (far["late_unit_days"], far["late_units"], far["lost_units"]) == (4 * 14, 4, 0)
    assert (far["by_class"], far["without"], far["exposure_index"]) == ("class 2: 4 units", "", 1)
    assert far["survive_days"] == 7  # back on 15 June, it sends what D3 needs


def test_a_loss_that_stock_covers_harms_nobody():
    """Back on 15 June, far sends in time for 19 June; near is no source of this plan."""
    found = told(date(2026, 6, 1))
    assert list(found) == ["far"]
    assert (found["far"]["late_unit_days"], found["far"]["by_class"]) == (0, "")
    assert np.isnan(found["far"]["survive_days"])
    assert np.isnat(found["far"]["late_from"])


def test_the_worst_of_the_days_is_told():
    """From 29 June on it is not back within the plan: near's six kits, then 3 x 0, 3 x 7 (or 0 of D6) and 14 never, 17 days late of D5, 10 of D6: 7 x 17 + 7 x 10."""
    programme = programme_of(PLANT)
    frame = replanned(programme, plan(programme), ("supplier",), every_days=7, workers=0)
    assert frame["late_from"][0] == np.datetime64("2026-06-29")
    assert frame["late_unit_days"][0] == pytest.approx(7 * 17 + 7 * 10, abs=0.05)
    assert frame["lost_units"][0] == pytest.approx(14, abs=0.01)


def test_what_is_on_order_comes_on_the_day_of_recovery():
    """Ten kits of far, promised for 12 June, come on the 15th if it is lost until then, and on the 12th otherwise."""
    more = (
        PLANT.replace("kit,20", "kit,10")
        + "[open_orders]\norder,offer,item,quantity_units,promised\nO1,kits,kit,10,2026-06-12\n"
    )
    far = told(date(2026, 6, 1), more)["far"]
    assert (far["late_units"], far["by_class"]) == (4, "class 2: 4 units")  # near sends 6 by 12 June
    assert far["late_unit_days"] == 4 * 7


def test_a_day_outside_the_plan_is_refused():
    with pytest.raises(ValueError, match="2027"):
        told(date(2027, 6, 1))


def test_what_was_found_is_kept_with_the_run_and_shown_on_its_page(tmp_path):
    """Germany has the worst of its two suppliers on the map; without an answer there is neither map nor table."""
    plant = PLANT.replace(
        "supplier,recover_days\nfar,14\nnear,7", "supplier,country,recover_days\nfar,DE,14\nnear,DE,7"
    )
    programme = programme_of(plant + "[countries]\ncountry,name\nDE,Germany\n")
    folder = write_run(plan(programme), programme, tmp_path / "run")
    assert "dependence-replanned" not in page(*read_answer(folder))
    assert figure("losses", *read_answer(folder)).body == ()
    words = ["dependence", str(folder), "--replan", "--from", "2026-06-08", "--kind", "supplier", "--json"]
    said = json.loads(CliRunner().invoke(app, words).stdout)["dependence_replanned"]
    run, again = read_answer(folder)
    assert [r["late_unit_days"] for r in run.rows(REPLANNED)] == [r["late_unit_days"] for r in said]
    assert said[0]["late_unit_days"] == 56
    drawn = figure("losses", run, again)
    assert drawn.body == (("Germany: far", "56", "7"),)
    assert run.changed == ()
    text = page(run, again)
    assert "Planned anew after each loss" in text
    assert "Germany: far" in text


class _Killing(ProcessPoolExecutor):
    """Processes of which one is killed as soon as all cases are given out, in the first `times` of these pools."""

    times, cases = 0, 3

    def submit(self, *work):
        """Give out work, and kill a process with the last of it."""
        given = super().submit(*work)
        self.given = getattr(self, "given", 0) + 1
        if _Killing.times > 0 and self.given == _Killing.cases:
            _Killing.times -= 1
            os.kill(next(iter(self._processes)), signal.SIGKILL)
        return given


def test_a_killed_process_loses_nothing(monkeypatch):
    programme = programme_of(PLANT)
    base = standing(plan(programme), programme)
    none = np.zeros(0, dtype=bool)
    source = Source("supplier", "far", none, none, none, none, none, 14.0)
    losses = [Through(base.model.network).lost(source, day) for day in (0.0, 7.0, 28.0)]
    alone = worse_by(base, losses, workers=0)
    monkeypatch.setattr(lost, "ProcessPoolExecutor", _Killing)
    _Killing.times, _Killing.cases = 1, 3
    together = worse_by(base, losses, workers=2)
    assert _Killing.times == 0, "one was killed"
    assert [w.unit_days.tolist() for w in together] == [w.unit_days.tolist() for w in alone]
    _Killing.times, _Killing.cases = lost.TRIES, 1
    with pytest.raises(SolverStoppedError, match="killed 3 times"):
        worse_by(base, losses[:1], workers=1)


def _with_loss(programme, supplier, first, days):
    """Return the programme with an overlay: the offers of a supplier sell nothing for some days, and what is on order from it comes after them."""
    start, offers, orders = programme.settings.start, programme[Offer], programme[OpenOrder]
    sells = dict(zip(offers.offer.tolist(), offers.supplier.tolist(), strict=True))
    change = f"offers[supplier={supplier}].capacity_units_per_week *= 0"
    risk = Risk(risk="LOST", date=start + timedelta(days=first), duration_days=days, changes=(change,))
    begin, end = (np.datetime64(start + timedelta(days=d), "D") for d in (first, first + days))
    late = [
        sells.get(o) == supplier and begin <= max(d, np.datetime64(start, "D")) < end
        for o, d in zip(orders.offer, orders.promised, strict=True)
    ]
    shifted = replace(orders, columns={**orders.columns, "promised": np.where(late, end, orders.promised)})
    more = replace(programme, tables={**programme.tables, "open_orders": shifted})
    return with_rows(more, {"risks": [*more[Risk].rows(), risk]})


def _best(base, programme, day, families):
    """Return units late, lost and unit-days by class of the best plan of a programme in its own model, with what stays as another has it."""
    network = network_of(programme, base.model.network.phases)
    v = base.model.variables
    made = network.making.taught.made(np.where(v.make >= 0, np.append(base.at, 0.0)[v.make], 0.0))
    model = model_of(assumed(network, made), demanded=False)
    at = carried(Base(base.model, base.at, made), model)
    mine = Standing(model, at, np.ones(len(at), dtype=bool))
    lower = relaxed(model.lp).lower.copy()
    lower[model.variables.stock] = -1e-4
    lp = replace(relaxed(model.lp), lower=lower)
    part = reduced(lp, at, _stays(mine, day), mine.rows(families), EASED)
    outcome = highs.solve(
        part.lp, [(n, c[part.of]) for n, c in _stages(mine)], Work(), on_report=lambda _: None, cancelled=lambda: False
    )
    return None if outcome.x is None else _by_class(mine, part.plan(outcome.x))


@settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.explicit]
)
@given(st.data())
def test_a_loss_is_as_bad_as_the_changed_programme_planned_anew(data):
    """Dual simplex from the basis of the plan, all classes at once and then in order, against one class after the other in a model of the overlay."""
    programme = data.draw(programmes())
    assume(any(programme[Offer].supplier))
    run = plan(programme, PlanOptions(time_limit=20))
    assume("purchases" in run.tables and run.tables["purchases"]["quantity"].any())
    base = standing(run, programme)
    periods = base.model.network.periods
    k = data.draw(st.integers(0, len(periods) - 1))
    last = data.draw(st.integers(k, len(periods) - 1))
    first, days = int(periods.starts[k]), int(periods.starts[last] + periods.lengths[last] - periods.starts[k])
    supplier = data.draw(st.sampled_from(sorted(set(programme[Offer].supplier.tolist()) - {""})))
    none = np.zeros(0, dtype=bool)
    source = Source("supplier", supplier, none, none, none, none, none, float(days))
    (found,) = worse_by(base, [Through(base.model.network).lost(source, float(first))], workers=0)
    families = next(f for f, words in RUNGS if words == found.without) if found.planned else RUNGS[-1][0]
    had = _best(base, programme, first, families)
    has = _best(base, _with_loss(programme, supplier, first, days), first, families)
    if not found.planned:
        assert had is None or has is None
        return
    stages = base.model.classes
    assert stages == 0 or has[3].sum() - had[3].sum() == pytest.approx(found.unit_days.sum(), abs=0.05)
