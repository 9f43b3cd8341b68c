"""Why a demand of a schedule is late: chains that reach from the schedule's start to the last delivery without a hole."""

import json

import pytest
from typer.testing import CliRunner

from tandemplan.cli import app
from tandemplan.explain.waits import Chains
from tandemplan.pegging.tables import of_demand, pegging
from tandemplan.report.waited import causes, chain_lines, reasons_of
from tandemplan.results.store import write_run
from tandemplan.testing.models import programme_of

from .test_schedule_page import RUN, SHOP, whole

HELD = RUN.replace(
    "O1,bench,1,0,,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T10:00:00",
    "O1,bench,1,0,,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T14:00:00",
)
HOUR = 3_600


def chain_of(text, demand, model=SHOP):
    programme, run = programme_of(model), whole(text)
    chains = Chains(programme, run)
    return programme, chains, chains.of(demand)


def told(chain):
    return [(w.kind, w.begin // HOUR, w.end // HOUR, round(w.effect * 24, 6)) for w in chain.waits]


def test_a_late_demand_is_followed_back_through_stations_and_material():
    # boards are cut from 6 to 10 (hours 0 to 4); the bench is held for D1 until 14:00 (8), shut until 6:00 (24), free until 10:00 (28);
    # set-up until 12:00 (30), work until 14:00 (32), shut until 6:00 (48), work until 12:00 (54). Due is hour 42: 12 hours late.
    _, _, chain = chain_of(HELD, "D2")
    assert told(chain) == [
        ("work", 0, 4, 0), ("station", 4, 8, 4), ("shut", 8, 24, 4), ("free", 24, 28, 4), ("set-up", 28, 30, 0),
        ("work", 30, 32, 0), ("interrupted", 32, 48, 0), ("work", 48, 54, 0),
    ]  # fmt: skip
    assert (chain.late, chain.starts, chain.order) == (0.5, "start", "O5")
    held = chain.waits[1]
    assert (held.resource, held.by, held.demand, held.demand_class) == ("bench", "O1", "D1", 1)


def test_effects_add_up_to_the_lateness_and_stretches_follow_each_other():
    for text in (RUN, HELD):
        _, _, chain = chain_of(text, "D2")
        assert sum(w.effect for w in chain.waits) == pytest.approx(chain.late)
        assert all(a.end == b.begin for a, b in zip(chain.waits, chain.waits[1:], strict=False))
        assert chain.waits[-1].end == chain.delivered


def test_what_is_delivered_in_time_has_no_effects_and_what_is_never_delivered_no_chain():
    _, _, chain = chain_of(RUN, "D1")
    assert (chain.late, sum(w.effect for w in chain.waits)) == (0, 0)
    never = RUN.replace("    D2,O5,shop", "    D1,O5,shop")
    assert chain_of(never, "D2")[2] is None


def test_a_fence_is_told():
    fenced = SHOP.replace("fixed_hours,unit_hours", "fixed_hours,unit_hours,fence_hours").replace("0,0.5", "0,0.5,4").replace("0,1\n", "0,1,0\n")  # fmt: skip
    later = RUN.replace(
        "O2,cut,make,board,8,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T10:00:00",
        "O2,cut,make,board,8,2026-06-01T10:00:00,2026-06-01T10:00:00,2026-06-01T14:00:00",
    ).replace("board,,2026-06-01T10:00:00,O2", "board,,2026-06-01T14:00:00,O2")
    _, _, chain = chain_of(later, "D2", fenced)
    assert told(chain)[:2] == [("fence", 0, 4, 4), ("work", 4, 8, 0)]
    assert chain.starts == "fence"


def test_a_confirmed_order_is_the_beginning_of_a_chain():
    given = RUN.replace("06-01T10:00:00,,new\n    O3", "06-01T10:00:00,,confirmed\n    O3")
    _, _, chain = chain_of(given, "D2")
    assert chain.starts == "given"
    assert told(chain)[0] == ("work", 0, 4, 0)


def test_lines_say_who_holds_the_station():
    programme, chains, chain = chain_of(HELD, "D2")
    lines = chain_lines(chains, chain, programme)
    assert (
        lines[0]
        == "Why its last delivery (O5) is late: 2.2 days pass from the start of the schedule to it, and it is due after 1.8 days."
    )
    assert "chair (O4) waits: 16 hours Bench (bench) is shut, 4 hours Bench (bench) is held for D1 (class 1), 4 hours Bench (bench) is free, and this schedule begins later" in "\n".join(lines)  # fmt: skip
    assert lines[-1].startswith("Late by: 12 hours in all")
    assert reasons_of(chains.run, programme)["D2"].startswith(
        "4 hours begun later than it could be, on Bench (bench); 4 hours"
    )
    found = causes(chains.run, programme)
    assert sum(c["days"] for c in found) == pytest.approx(0.5)


def test_pegging_of_a_schedule_closes_and_is_told_to_the_second():
    programme, run = programme_of(SHOP), whole(RUN)
    frame = pegging(programme, run)
    given = {o: frame["quantity"][frame["order"] == o].sum() for o in ("O1", "O2", "O4")}
    assert given == {"O1": 4, "O2": 8, "O4": 8}
    mine = of_demand(frame, "D2")
    assert mine["order"].tolist() == ["D2", "O4", "O2"]
    assert str(mine["to_date"][1]) == "2026-06-03T12:00:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(write_run(whole(HELD), programme_of(SHOP), tmp_path_factory.mktemp("run") / "week"))


def test_the_command_explains_a_demand_an_order_and_the_whole(folder):
    result = CliRunner().invoke(app, ["explain", folder, "D2"])
    assert result.exit_code == 0, result.output
    assert "D2: 8 units of chair for Shop, due 3 Jun 2026 00:00: 8 late, the last on 3 Jun 2026 12:00." in result.output
    assert "production O2" in result.output
    said = json.loads(CliRunner().invoke(app, ["explain", folder, "D2", "--json"]).stdout)
    assert sum(w["late_days"] for w in said["why"]["waits"]) == pytest.approx(said["why"]["late_days"])
    order = CliRunner().invoke(app, ["explain", folder, "--order", "O2", "--late", "2"])
    assert "D2 waits up to" in order.output
    assert "What makes last deliveries late" in CliRunner().invoke(app, ["explain", folder]).output


def test_what_has_no_meaning_of_a_schedule_is_refused(folder):
    for words in (["D9"], ["D2", "--relief"], ["--worst", "1"], ["--order", "O99"]):
        assert CliRunner().invoke(app, ["explain", folder, *words]).exit_code == 2
