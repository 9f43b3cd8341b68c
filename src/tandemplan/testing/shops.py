"""Small factories for examples and tests of schedules."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.testing.models import programme_of


def chairs() -> Programme:
    """Return two orders of eight chairs, three hours each, both due on 1 June, on a bench that never shuts: the second is a day late.

    >>> chairs().settings.name
    'Chairs'
    """
    return programme_of("""
        name = Chairs
        start = 2026-06-01
        periods = 1 week
        [items]
        item
        chair
        [work_centres]
        work_centre
        bench
        [processes]
        process,item,unit_hours
        build,chair,3
        [process_loads]
        process,work_centre
        build,bench
        [demands]
        demand,item,quantity_units,due,minimum_shipment_units
        D1,chair,8,2026-06-01,8
        D2,chair,8,2026-06-01,8
    """)
