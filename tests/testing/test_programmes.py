"""Random programmes are valid, and of every kind."""

from hypothesis import HealthCheck, Phase, given, settings

from tandemplan.model.schema import (
    BomLine,
    CalendarRow,
    Contract,
    Cost,
    Crossing,
    Demand,
    Item,
    Lane,
    Licence,
    OpenOrder,
    Operation,
    Option,
    Risk,
    Stock,
    StockPolicy,
    Task,
)
from tandemplan.testing.programmes import programmes

FEATURES = (
    BomLine, CalendarRow, Contract, Cost, Crossing, Demand, Lane, Licence, OpenOrder, Option, Risk, Stock, StockPolicy, Task,
)  # fmt: skip


def test_random_programmes_have_no_faults_and_every_feature():
    drawn = []

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programmes())
    def collect(programme):  # a fault would be raised by the draft inside
        drawn.append(programme)

    collect()
    assert all(len(p[Demand]) >= 1 for p in drawn)
    assert [c.__name__ for c in FEATURES if not any(len(p[c]) for p in drawn)] == []
    assert any("months" in p.settings.periods for p in drawn)
    assert any(2 in p[BomLine].rank for p in drawn)
    assert any(p[Item].hazard.any() for p in drawn)
    assert {w for p in drawn for w in p[Operation].when} == {"make", "receive", "deliver"}
    assert {len(set(p[Demand].site)) for p in drawn} > {1}
