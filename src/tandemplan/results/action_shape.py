"""The shape of the table of actions: what is to be done about a plan, by when."""

from __future__ import annotations

from tandemplan.results.fields import Shape, maybe, text, units, whole

ACTIONS = Shape(
    "actions",
    "Something to do within the days asked for, the most pressing first.",
    (
        whole("rank", "Place in the list: by last safe day, then by class, then by units that wait.", "rank"),
        text(
            "action",
            "release, expedite, defer, cancel, qualify, decide, obtain licence, draw tranche, or start task.",
        ),
        text("what", "What it is about: purchase, production, move, open order, offer, option, stations, people, shifts, licence, tranche or task."),
        text("name", "Its name: of an order that in the tables of the plan, else that of its row in the programme."),
        text("item", "Item, if any."),
        text("site", "Site, if any: of a move where it goes."),
        units("quantity", "Units, people, stations or money; 0 where nothing is counted."),
        maybe("planned", "Day on which the plan has it done; of an open order that on which it comes."),
        maybe("last_safe", "Last day on which it can be done with no delivery later than planned, all else as planned; blank: none is known to be hurt."),
        text("reason", "Why, in a sentence."),
        text("harm", "What it does to be a week late, in a sentence; blank: nothing is known."),
        whole("demand_class", "First class of demand that it hurts; 0: none.", "rank"),
        units("units", "Units of the demands that wait where it is a week late, at most."),
        maybe("before", "Day in the plan that it is measured against; blank: it was not there, or none was given."),
        text("slip", "Against that plan: new, gone, later, earlier or same; blank: none was given."),
        whole("slip_days", "Days by which it is later than there.", "days"),
        text("why", "What in the input slipped it, as far as one of its own rows did; blank: it did not slip."),
    ),
)  # fmt: skip
