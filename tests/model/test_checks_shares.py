"""Shares of the whole. A test's docstring is the model it is about."""


def test_rules_on_shares_speak_of_what_they_measure(found):
    """A partner is no item, an item no partner, and subcontractors are those of all contracts.

    start = 2026-06-01
    [partners]
    partner
    H
    [sites]
    site,partner
    P,H
    [items]
    item,groups
    A,critical
    [suppliers]
    supplier
    s
    t
    [offers]
    offer,supplier,item
    sa,s,A
    ta,t,A
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price
    c,K,A,1
    [rules]
    rule,kind,scope,low,high
    R,work share,A,0.5,
    S,source share,H,,0.7
    T,subcontract share,c,,0.3
    U,host content,H,0.5,
    V,fewest sources,critical,2,
    """
    assert found == [
        "rules.csv:2: scope 'A' is no partner; a rule of kind 'work share' speaks of these. [wrong-scope]",
        "rules.csv:3: scope 'H' is no item or group of items; a rule of kind 'source share' speaks of these. [wrong-scope]",
        "rules.csv:4: scope is 'c'; a rule of kind 'subcontract share' speaks of all contracts together. Leave it blank. [wrong-scope]",
    ]


def test_least_shares_do_not_add_up_to_more_than_one(found):
    """0.6 and 0.5 are 1.1.

    start = 2026-06-01
    [partners]
    partner
    H
    T
    [sites]
    site,partner
    P,H
    Q,T
    [rules]
    rule,kind,scope,low,high
    R,work share,H,0.6,
    S,work share,T,0.5,0.9
    """
    assert found == [
        "rules.csv:3: the least shares of all partners add up to 1.1, but their shares add up to 1. Widen the bands. [bands-apart]"
    ]


def test_most_shares_add_up_to_one_at_least(found):
    """0.5 and 0.4 are 0.9; a soft rule is no band.

    start = 2026-06-01
    [partners]
    partner
    H
    T
    [sites]
    site,partner
    P,H
    Q,T
    [rules]
    rule,kind,scope,low,high,soft
    R,work share,H,,0.5,no
    S,work share,T,0.2,0.4,no
    U,work share,T,0.9,,yes
    """
    assert found == [
        "rules.csv:3: the most shares of all partners add up to 0.9, but their shares add up to 1. Widen the bands. [bands-apart]"
    ]


def test_a_band_is_not_empty(found):
    """At most 0.6 by one rule and at least 0.7 by another; shares are fractions.

    start = 2026-06-01
    [partners]
    partner
    H
    T
    [sites]
    site,partner
    P,H
    Q,T
    [rules]
    rule,kind,scope,low,high
    R,work share,H,,0.6
    S,host content,H,0.7,
    T,work share,T,,40
    """
    assert found == [
        "rules.csv:3: with this rule the share of partner 'H' must be at least 0.7 and at most 0.6. [bands-apart]",
        "rules.csv:4: high is 40; a rule of kind 'work share' limits a share, from 0 to 1. Shares are fractions: write 0.35 for 35 %. [share-out-of-range]",
    ]


def test_a_partner_that_must_have_a_share_can_add_something(found):
    """T has neither a site nor a supplier.

    start = 2026-06-01
    [partners]
    partner
    H
    T
    [sites]
    site,partner
    P,H
    [rules]
    rule,kind,scope,low
    R,work share,,0.2
    """
    assert found == [
        "rules.csv:2: partner 'T' must have a share of at least 0.2, but has no site and no supplier. Name it in sites or suppliers. [adds-nothing]"
    ]


def test_there_are_as_many_sources_as_rules_ask_for(found):
    """A has two suppliers, both from C; with at most 0.4 each they cannot send all of it.

    start = 2026-06-01
    [countries]
    country
    C
    [items]
    item
    A
    B
    [suppliers]
    supplier,country
    s,C
    t,C
    [offers]
    offer,supplier,item
    sa,s,A
    ta,t,A
    sb,s,B
    [rules]
    rule,kind,scope,low,high
    R,fewest sources,A,3,
    S,source share,,,0.5
    T,source share,A,,0.4
    U,country concentration,A;B,,0.9
    V,fewest sources,A,2,
    """
    assert found == [
        "rules.csv:2: item 'A' has offers from 2 suppliers; the rule needs 3. Narrow the scope, or add offers. [too-few-sources]",
        "rules.csv:3: item 'B' has offers from 1 supplier; the rule needs 2. Narrow the scope, or add offers. [too-few-sources]",
        "rules.csv:4: item 'A' has offers from 2 suppliers; the rule needs 3. Narrow the scope, or add offers. [too-few-sources]",
        "rules.csv:5: all that it speaks of has offers from 1 country; the rule needs 2. Narrow the scope, or add offers. [too-few-sources]",
    ]


def test_a_share_of_contracts_is_of_something(found):
    """No contract says what it is worth.

    start = 2026-06-01
    [items]
    item
    A
    [customers]
    customer
    K
    [contracts]
    contract,customer,item
    c,K,A
    [rules]
    rule,kind,high
    R,subcontract share,0.3
    """
    assert found == [
        "rules.csv:2: a share of the value of contracts is limited, but no contract has a unit_price. [no-value]"
    ]
