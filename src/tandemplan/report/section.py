"""One section of a page."""

from __future__ import annotations

from dataclasses import dataclass

from tandemplan.report.datatable import DataTable
from tandemplan.report.drawing import Drawing
from tandemplan.report.gantt import GanttPart


@dataclass(frozen=True)
class Section:
    """One section: its anchor, its heading, a short word for the navigation, a lead, and drawings, tables and Gantts."""

    name: str
    title: str
    short: str
    lead: str
    parts: tuple[Drawing | DataTable | GanttPart, ...]
