"""The page of a simulation: how sure each promise is, what harms most, and how the plan may unfold."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import period_starts, period_word, span_words
from tandemplan.report.datatable import DataTable, columns, dense
from tandemplan.report.drawing import Drawing
from tandemplan.report.facts import customer_names, item_names, resource_names, rows
from tandemplan.report.figures.fan import NOTE
from tandemplan.report.gallery import drawing
from tandemplan.report.headline import Headline, Tile
from tandemplan.report.section import Section
from tandemplan.report.simulated import (
    changed_words,
    class_members,
    harmful,
    least_sure,
    level,
    risk_names,
    simulation_identity,
    simulation_lines,
    totals,
)
from tandemplan.report.wording import counted, day, percent
from tandemplan.results.simulation_shapes import ORIGIN_CHANCES, PROMISE_GROUPS, PROMISES, RATE_CHANCES, UTILISATION
from tandemplan.results.store import Run

KIND_WORDS = {"all": "everything", "class": "class", "customer": "customer", "contract": "contract", "item": "item"}


def simulated_content(run: Run, programme: Programme) -> dict[str, Any]:
    """Return what stands on the page of a simulation."""
    starts, _ = period_starts(programme)
    scenarios = [f"scenario: {s}" for s in run.info.get("scenarios", [])]
    return {
        "kind": "Simulation of a supply plan",
        "title": f"{programme.settings.name}: simulated from {span_words(programme)}",
        "name": programme.settings.name,
        "chips": [
            span_words(programme),
            counted(len(starts), period_word(programme)),
            counted(run.info["replications"], "replication"),
            *scenarios,
        ],
        "warnings": [w for w in [changed_words(run)] if w],
        "top": _headline(run, programme),
        "why": None,
        "sections": _sections(run, programme),
        "notes": run.info.get("notes", []),
        "about_title": "this simulation",
        "foot": simulation_identity(run),
    }


def _headline(run: Run, programme: Programme) -> Headline:
    """Return the first class in one sentence, large figures, and the lines of the shell as answers."""
    said: dict[str, str] = {}
    for line in simulation_lines(run, programme):
        word, _, text = line.partition(": ")
        said.setdefault(word.partition(" (")[0], text[:1].upper() + text[1:])
    groups = {(r["kind"], r["name"]): r for r in rows(run, PROMISE_GROUPS)}
    ranks = sorted((int(n) for k, n in groups if k == "class"))
    asked = (
        ("How sure is it, in short?", said.get("In short", "")),
        *((f"How sure is class {n}?", said.get(f"Class {n}", "")) for n in ranks[:4]),
        ("Which promises are doubtful?", said.get("Least sure", "")),
        ("Does the money last?", said.get("Money", "")),
        ("When is full rate reached?", said.get("Full rate", "")),
        ("What harms most?", said.get("Risks", "")),
        ("What costs most of what varies?", said.get("What varies", "")),
        ("What if a source is lost?", said.get("Losses", "")),
        ("How exact is this?", said.get("Simulated", "")),
    )
    answers = tuple((q, a) for q, a in asked if a)
    if not ranks:
        return Headline("Nothing is asked for.", (), answers)
    host, who = groups["class", str(ranks[0])], class_members(run, programme)[ranks[0]]
    known = totals(run, programme).get(str(ranks[0]), "").removesuffix("; ")
    whole = f"all of it by the end is {_share(host['total_chance'])} sure, and all on time {_share(host['all_on_time_chance'])}."
    sentence = f"{who[:1].upper()}{who[1:]}: {f'{known}, ' if known else ''}{whole}"
    return Headline(sentence, _tiles(run, programme, host), answers)


def _tiles(run: Run, programme: Programme, host: dict[str, Any]) -> tuple[Tile, ...]:
    """Return the large figures: units on time, first delivery, doubtful promises, and the worst risk."""
    everything = next(r for r in rows(run, PROMISE_GROUPS) if r["kind"] == "all")
    doubted, found, high = least_sure(run), harmful(run), programme.settings.high_quantile
    first = everything["first_high"]
    tiles = [
        Tile(
            "On time on average",
            _share(everything["on_time_share"]),
            f"of all units asked for; {_share(everything['planned_on_time_share'])} in the plan, {_share(host['on_time_share'])} of the first class",
        ),
        Tile(
            f"First delivery, {level(high)} sure".replace(" %", "\u00a0%"),
            day(first) or "not in the plan",
            f"planned for {day(everything['planned_first'])}" if everything["planned_first"] else "none planned",
        ),
        Tile(
            "Doubtful promises",
            f"{len(doubted):,}",
            f"of those that the plan keeps on time; {sum(r['on_time_chance'] < 0.5 for r in doubted):,} are more likely late than not",
            "bad" if doubted else "good",
        ),
    ]
    if found:
        name = str(risk_names(programme).get(found[0]["name"], found[0]["name"]))
        tiles.append(
            Tile(
                "Worst risk",
                f"{100 * found[0]['late_share_more']:.1f} points",
                f"more of all units late where it happens: {name}, in {_share(found[0]['happens_chance'])} of all cases",
            )
        )
    return tuple(tiles)


def _sections(run: Run, programme: Programme) -> tuple[Section, ...]:
    pictures = {
        n: drawing(n, run, programme)
        for n in (
            "deliveries",
            "customers",
            "products",
            "promise_map",
            "promises",
            "risks",
            "drivers",
            "survival",
            "cash",
            "startup",
        )
    }
    several = len(pictures["customers"].panels) > len(pictures["deliveries"].panels)
    fans = [pictures["deliveries"], *([pictures["customers"]] if several else []), pictures["products"]]
    found = (
        Section(
            "deliveries",
            "What is delivered, and how sure",
            "Deliveries",
            "Each band holds what is delivered up to a day in most replications; the line in it is the middle. Where the plan lies above the band, it is hopeful.",
            (*(replace(f, heading=f.title, note=f.note if not i else f.note.removeprefix(NOTE).strip()) for i, f in enumerate(fans)), _groups(run, programme), _rate(run, programme)),
        ),
        Section(
            "promises",
            "How sure each promise is",
            "Promises",
            f"{pictures['promise_map'].description} {pictures['promises'].description}",
            (*(replace(pictures[n], heading=pictures[n].title) for n in ("promise_map", "promises")), _promises(run, programme)),
        ),
        Section("risks", "What risks cost", "Risks", pictures["risks"].description, (pictures["risks"],)),
        Section("drivers", pictures["drivers"].title, "What varies", pictures["drivers"].description, (pictures["drivers"],)),
        Section("survival", pictures["survival"].title, "Losses", pictures["survival"].description, (pictures["survival"],)),
        Section("cash", "Money, and how sure", "Cash", pictures["cash"].description, (pictures["cash"],)),
        Section("startup", "Start-up, and how sure", "Start-up", pictures["startup"].description, (pictures["startup"],)),
        Section("origin", "Origin, and how sure", "Origin", "Share of what is from outside in what was delivered, mixed on average.", (_origin(run, programme),)),
        Section("load", "Hours used", "Load", "Hours used over the hours that are there, over the whole plan, the fullest first.", (_load(run, programme),)),
    )  # fmt: skip
    made = (replace(s, parts=tuple(dense(p) if isinstance(p, DataTable) else p for p in s.parts)) for s in found)
    return tuple(
        s
        for s in made
        if any(p.panels if isinstance(p, Drawing) else isinstance(p, DataTable) and p.rows for p in s.parts)
    )


def _groups(run: Run, programme: Programme) -> DataTable:
    names = {"customer": customer_names(programme), "item": item_names(programme)}
    who = class_members(run, programme)
    body = tuple(
        (
            KIND_WORDS[r["kind"]],
            who.get(int(r["name"]), "") if r["kind"] == "class" else names.get(r["kind"], {}).get(r["name"], "" if r["kind"] == "all" else r["name"]),
            r["asked"], *map(_known, (r["planned_on_time_share"], r["on_time_share"], r["on_time_share_low"], r["on_time_share_high"],
            r["all_on_time_chance"], r["total_chance"])), r["planned_first"], *(r[f"first_{q}"] for q in ("low", "middle", "high")),
        )
        for r in rows(run, PROMISE_GROUPS)
    )  # fmt: skip
    head = columns(
        "of", "name", "asked:number:units, mean", "planned on time:share", "on time:share:mean", "on time, low:share",
        "on time, high:share", "all on time:share:probability", "all delivered:share:probability", "first, planned:date",
        "first, low:date", "first, middle:date", "first, high:date",
    )  # fmt: skip
    return DataTable("groups-table", "Taken together", head, body)


def _rate(run: Run, programme: Programme) -> DataTable:
    """Return when each item is at full rate."""
    names = item_names(programme)
    body = tuple(
        (
            names.get(r["item"], r["item"]), r["planned_rate"], *(_known(r[f"rate_{q}"]) for q in ("low", "middle", "high")), r["planned"],
            _known(r["by_planned_chance"]), *(r[f"reached_{q}"] for q in ("low", "middle", "high")), _known(r["reached_chance"]),
        )
        for r in rows(run, RATE_CHANCES)
    )  # fmt: skip
    head = columns(
        "item", "highest rate, planned:number:units a week", "low:number", "middle:number", "high:number", "at full rate, planned:date",
        "by then:share:probability", "full rate, low:date", "middle:date", "high:date", "within the plan:share:probability",
    )  # fmt: skip
    lead = "At full rate: the last day of the first 28 days with 90 % of the plan's highest rate. A blank day: not within the plan."
    return DataTable("rate-table", "When it is made at full rate", head, body, lead=lead)


def _promises(run: Run, programme: Programme) -> DataTable:
    """Return every demand, the least sure first."""
    who, what = customer_names(programme), item_names(programme)
    table = sorted(rows(run, PROMISES), key=lambda r: (_last(r["on_time_chance"]), r["demand_class"], r["demand"]))
    body = tuple(
        (
            r["demand"], who.get(r["customer"], r["customer"]), r["demand_class"], what.get(r["item"], r["item"]), _known(r["asked"]), r["due"],
            r["planned"], *map(_known, (r["on_time_chance"], r["on_time_chance_from"], r["on_time_chance_to"], r["on_time_share"], r["never_chance"])),
            *(r[f"done_{q}"] for q in ("low", "middle", "high")),
        )
        for r in table
    )  # fmt: skip
    head = columns(
        "demand", "for", "class:number", "item", "asked:number:units, mean", "due:date", "planned:date", "on time:share:probability",
        "from:share", "to:share", "units on time:share:mean", "never:share:probability", "complete, low:date", "middle:date", "high:date",
    )  # fmt: skip
    return DataTable(
        "promises-table", "Every demand", head, body, lead="The least sure first. A blank day: not within the plan."
    )


def _origin(run: Run, programme: Programme) -> DataTable:
    names = item_names(programme)
    body = tuple(
        (names.get(r["item"], r["item"]), *map(_known, (r["limit"], r["planned"], r["share"], r["share_low"], r["share_middle"], r["share_high"], r["above_chance"])))
        for r in rows(run, ORIGIN_CHANCES)
    )  # fmt: skip
    head = columns(
        "item",
        "limit:share",
        "planned:share",
        "mean:share",
        "low:share",
        "middle:share",
        "high:share",
        "above:share:probability",
    )
    return DataTable("origin-table", "", head, body)


def _load(run: Run, programme: Programme) -> DataTable:
    names = resource_names(programme)
    table = sorted(rows(run, UTILISATION), key=lambda r: (-(0 if isnan(r["used"]) else r["used"]), r["resource"]))
    body = tuple(
        (names.get(r["resource"], r["resource"]), r["kind"], r["site"], *map(_known, (r["planned"], r["used"], r["used_low"], r["used_middle"], r["used_high"])))
        for r in table
    )  # fmt: skip
    head = columns("resource", "kind", "site", "planned:share", "mean:share", "low:share", "middle:share", "high:share")
    return DataTable("load-table", "", head, body)


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _last(value: float) -> float:
    """Return a number to sort by: what is not known comes last."""
    return 2.0 if isnan(value) else value


def _share(value: float) -> str:
    return "unknown" if isnan(value) else percent(value * 1e6, 1e6)
