"""Every table of the model language, described once."""

from __future__ import annotations

from tandemplan.model.schema.belief import Claim, Source
from tandemplan.model.schema.buying import Offer, OpenOrder, Supplier
from tandemplan.model.schema.columns import Column, Description, Kind, Row, Value
from tandemplan.model.schema.deciding import Option, Risk, RiskLink, Rule
from tandemplan.model.schema.demand import Contract, Demand, Stock, StockPolicy
from tandemplan.model.schema.making import Operation, ShiftPattern, Skill, Tool, WorkCentre
from tandemplan.model.schema.money import Cost, Tranche
from tandemplan.model.schema.moving import Crossing, Lane, Licence
from tandemplan.model.schema.settings import Settings
from tandemplan.model.schema.shop import (
    CalendarHours,
    Process,
    ProcessFlow,
    ProcessLoad,
    ProcessOrder,
    ProcessWait,
    SetUp,
    WorkCentreSkill,
)
from tandemplan.model.schema.starting import Task
from tandemplan.model.schema.what import BomLine, Item
from tandemplan.model.schema.where import CalendarRow, Country, Customer, Partner, Site

ROW_CLASSES: tuple[type[Row], ...] = (
    Country,
    Partner,
    Customer,
    Site,
    CalendarRow,
    Item,
    BomLine,
    Operation,
    WorkCentre,
    Skill,
    ShiftPattern,
    Tool,
    Supplier,
    Offer,
    OpenOrder,
    Lane,
    Crossing,
    Licence,
    Contract,
    Demand,
    Stock,
    StockPolicy,
    Process,
    ProcessFlow,
    ProcessLoad,
    ProcessWait,
    SetUp,
    WorkCentreSkill,
    CalendarHours,
    ProcessOrder,
    Tranche,
    Cost,
    Task,
    Rule,
    Risk,
    RiskLink,
    Option,
    Source,
    Claim,
)
TABLES: dict[str, type[Row]] = {c.DESCRIPTION.name: c for c in ROW_CLASSES}

__all__ = [
    "ROW_CLASSES",
    "TABLES",
    "BomLine",
    "CalendarHours",
    "CalendarRow",
    "Claim",
    "Column",
    "Contract",
    "Cost",
    "Country",
    "Crossing",
    "Customer",
    "Demand",
    "Description",
    "Item",
    "Kind",
    "Lane",
    "Licence",
    "Offer",
    "OpenOrder",
    "Operation",
    "Option",
    "Partner",
    "Process",
    "ProcessFlow",
    "ProcessLoad",
    "ProcessOrder",
    "ProcessWait",
    "Risk",
    "RiskLink",
    "Row",
    "Rule",
    "SetUp",
    "Settings",
    "ShiftPattern",
    "Site",
    "Skill",
    "Source",
    "Stock",
    "StockPolicy",
    "Supplier",
    "Task",
    "Tool",
    "Tranche",
    "Value",
    "WorkCentre",
    "WorkCentreSkill",
]
