"""Rows of a random programme about borders, handling at the plant, and money."""

from __future__ import annotations

from hypothesis import strategies as st

from tandemplan.model.schema import Cost, Country, Crossing, Licence, Operation, Option, Partner, Row, Rule, Tranche
from tandemplan.testing.frame import Draw, Frame, day, few, opens, sometimes, spans


def borders(draw: Draw, frame: Frame) -> list[Row]:
    """Draw three countries, a crossing between them and licences for what crosses it, if the frame has a border."""
    if not frame.border:
        return []
    abroad = draw(st.sampled_from(((), ("eligible",))))
    rows: list[Row] = [Country(country=c) for c in (frame.here, frame.further)]
    rows.append(Country(country=frame.abroad, groups=abroad))
    rows.append(Crossing(crossing="X1", delay_hours=draw(st.sampled_from((0, 12, 30)))))
    if frame.tasks and draw(st.booleans()):
        covered = tuple(draw(few(frame.parts)))
        terms = {
            "validity_days": draw(sometimes(st.integers(4, 20))),
            "renewable": draw(st.booleans()),
            "cap_units": draw(sometimes(st.integers(1, 30))),
            "processing_days": draw(st.integers(0, 4)),
            "country": frame.abroad,
            "from_places": (frame.abroad,),
            "to_places": draw(st.sampled_from(((), (frame.here,)))),
            "reexport_consent": draw(st.booleans()),
        }
        if terms["validity_days"]:
            terms["renewal_lead_days"] = draw(sometimes(st.integers(0, 4)))
        rows.append(Licence(licence="H1", task=frame.tasks[0], items=covered, **terms))
    items = tuple(draw(few(frame.parts)))
    places = draw(st.sampled_from(((), ("V1",), (frame.abroad,))))
    days = draw(st.integers(0, 4))
    per_order = {"validity_days": draw(sometimes(st.integers(1, 9))), "cap_units": draw(sometimes(st.integers(2, 20)))}
    rows.append(
        Licence(licence="H2", kind="per order", items=items, from_places=places, processing_days=days, **per_order)
    )
    return rows


def handling(draw: Draw, frame: Frame) -> list[Row]:
    """Draw steps of receipt and of delivery at the plant, mostly none."""
    rows: list[Row] = []
    if draw(st.integers(0, 3)) == 0:
        part, hours = draw(st.sampled_from(frame.parts)), draw(st.integers(1, 2))
        rows.append(Operation(item=part, site=frame.plant, when="receive", work_centre="W2", plateau_hours=hours))
    if draw(st.integers(0, 3)) == 0:
        item, skill = frame.made[0], draw(st.sampled_from(("", "K1")))
        rows.append(
            Operation(item=item, site=frame.plant, when="deliver", work_centre="W1", skill=skill, plateau_hours=1)
        )
    return rows


def money(draw: Draw, frame: Frame) -> list[Row]:
    """Draw fixed costs and an option that is already chosen or may be, mostly none."""
    rows: list[Row] = []
    for per in draw(few(("once", "week", "month"))):
        when = day(draw(st.integers(-9, frame.days + 9)))
        amount, once = draw(st.integers(1, 999)), per == "once"
        dates = (when, None) if once else (None, when)
        site = frame.plant if frame.partners else ""
        rows.append(Cost(cost=f"F{per}", site=site, per=per, amount=amount, date=dates[0], from_date=dates[1]))
    if draw(st.integers(0, 3)) == 0:
        change = draw(st.sampled_from(("work_centres[W1].stations += 1", "skills[K1].headcount += 2")))
        rows.append(
            Option(
                option="Y1",
                chosen=draw(st.sampled_from((day(draw(st.integers(-9, frame.days + 9))), None))),
                lead_days=draw(st.integers(0, 9)),
                one_off_cost=draw(st.integers(0, 99)),
                weekly_cost=draw(st.integers(0, 99)),
                changes=(change,),
            )
        )
    return rows


def origins(draw: Draw, frame: Frame) -> list[Row]:
    """Draw rules of origin and a tranche that asks for evidence, mostly none."""
    rows: list[Row] = []
    names = (*frame.made, frame.parts[0], *(("L1",) if frame.contracts else ()))
    for n in range(draw(st.sampled_from((0, 0, 1, 2)))):
        dates = draw(spans(frame.days)) if draw(st.integers(0, 3)) == 0 else (None, None)
        rows.append(
            Rule(
                rule=f"Z{n}",
                kind="origin share",
                scope=tuple(draw(few(names))),
                high=draw(st.sampled_from((0.0, 0.25, 0.5, 1.0))),
                window_days=draw(sometimes(st.integers(3, 20))),
                from_date=dates[0],
                to_date=dates[1],
            )
        )
    if rows and draw(st.booleans()):
        kind, when = draw(st.sampled_from(("company", "payer", "outside"))), day(draw(st.integers(0, frame.days)))
        most, early = draw(st.sampled_from((0.1, 0.4))), draw(st.integers(0, 9))
        rows.append(
            Tranche(
                tranche="F1",
                pool={"company": "V", "payer": "G", "outside": "B1"}[kind],
                kind=kind,
                amount=9,
                date=when,
                cash=frame.funding,
                third_country_share=most,
                evidence_days=early,
            )
        )
    return rows


def shares(draw: Draw, frame: Frame) -> list[Row]:
    """Draw two partners, a band of the share of one, and rules on sources, if the frame has partners."""
    if not frame.partners:
        return []
    home = draw(st.sampled_from(("", frame.abroad)))
    rows: list[Row] = [
        Partner(partner="H", work_share=draw(sometimes(st.just(0.5)))),
        Partner(partner="T", country=home),
    ]
    soft = st.sampled_from((False, False, False, True))
    if draw(st.booleans()):
        low, high = draw(st.sampled_from((None, 0.05, 0.3))), draw(st.sampled_from((None, 0.6, 0.9)))
        kind = draw(st.sampled_from(("work share", "host content")))
        rows.append(Rule(rule="band", kind=kind, scope=("T",), low=low or 0.0, high=high, soft=draw(soft)))
    scope = draw(st.sampled_from(((), *((p,) for p in frame.rivals))))
    if frame.rivals and (scope or len(frame.rivals) == len(frame.parts)):
        kind = draw(st.sampled_from(("source share", "fewest sources", "country concentration")))
        low, high = (2, None) if kind == "fewest sources" else (None, draw(st.sampled_from((0.5, 0.75, 1.0))))
        if kind != "country concentration" or frame.border:
            rows.append(Rule(rule="source", kind=kind, scope=scope, low=low, high=high, soft=draw(soft)))
    if frame.contracts and draw(st.booleans()):
        most = draw(st.sampled_from((0.1, 0.3, 0.9)))
        rows.append(Rule(rule="sub", kind="subcontract share", high=most, soft=draw(soft)))
    return rows


def funding(draw: Draw, frame: Frame) -> list[Row]:
    """Draw the venture's cash, a tied tranche and a line of credit, the budget of a payer, and the least cash, if the frame has funding."""
    if not frame.funding:
        return []
    words = draw(st.sampled_from((("purchases",), ("opex",), ("capex", "training"), frame.parts[:1], ())))
    begin = draw(st.integers(-5, frame.days))
    rows: list[Row] = [
        Tranche(
            tranche="own",
            pool="V",
            amount=draw(st.sampled_from((1300, 2500, 7000, 50000))),
            date=day(draw(st.integers(-9, 5))),
        ),
        Tranche(
            tranche="tied",
            pool="V",
            amount=draw(st.integers(50, 900)),
            date=day(begin),
            slip_days=draw(st.integers(0, 6)),
            expiry=draw(sometimes(st.integers(6, frame.days).map(lambda n: day(begin + n)))),
            pays_for=words,
            evidence_days=draw(st.integers(0, 5)),
            opens_after=draw(opens(frame)),
        ),
        Rule(rule="least", kind="least cash", scope=("V",), low=draw(st.sampled_from((0, 0, 100)))),
    ]
    if draw(st.booleans()):
        when, share = day(draw(st.integers(0, frame.days))), draw(st.sampled_from((0.0, 0.2)))
        kind, until = "credit line", draw(sometimes(st.just(day(frame.days - 2))))
        rows.append(
            Tranche(
                tranche="line", pool="V", amount=900, date=min(when, until or when), expiry=until, instrument=kind, interest_per_year_share=share,
            )
        )  # fmt: skip
    for n in range(1, draw(st.integers(1, 3)) + 1):
        when = day(draw(st.integers(-2, frame.days)))
        rows.append(
            Tranche(
                tranche=f"state {n}",
                pool="G",
                kind="payer",
                amount=draw(st.integers(0, 250)),
                date=when,
                opens_after=draw(opens(frame)),
            )
        )
    return rows
