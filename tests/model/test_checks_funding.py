"""Funding. A test's docstring is the model it is about."""


def test_a_pool_holds_money_of_one_kind_and_the_venture_has_one(found):
    """Two kinds in one pool, and two pools of the venture.

    start = 2026-06-01
    [funding]
    tranche,pool,kind,amount,date
    A,own,company,9,2026-06-01
    B,own,payer,9,2026-06-01
    C,other,company,9,2026-06-01
    D,state,payer,9,2026-06-01
    """
    assert found == [
        "funding.csv:3: pool 'own' has tranches of the kinds 'company' and 'payer'. Give each kind a pool of its own. [mixed-pool]",
        "funding.csv:4: the venture's cash is in the pools 'own' and 'other'. Its cash is one pool: name the same one. [mixed-pool]",
    ]


def test_the_venture_does_not_pay_for_what_it_delivers(found):
    """A contract of its own pool.

    start = 2026-06-01
    [items]
    item
    X
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,pool
    c,K,X,own
    [funding]
    tranche,pool,amount,date
    A,own,9,2026-06-01
    """
    assert found == [
        (
            "contracts.csv:2: pool 'own' is the venture's own cash; it cannot pay for what the venture delivers. "
            "Name the pool of a payer, or leave it blank. [not-a-payer]"
        )
    ]


def test_a_tranche_pays_for_what_there_is_to_pay_for(found):
    """Parts is a group, X an item, rent a category of costs; what a payer's tranche names is not looked at.

    start = 2026-06-01
    [items]
    item,groups
    X,parts
    [costs]
    cost,category,amount
    f,rent,9
    [funding]
    tranche,pool,kind,amount,date,pays_for
    A,own,company,9,2026-06-01,parts;X;rent;labour
    B,own,company,9,2026-06-01,labor
    C,state,payer,9,2026-06-01,orders of the host
    """
    assert found == [
        (
            "funding.csv:3: pays_for names 'labor', which is no category of spending, item or group of items. "
            "Did you mean 'labour'? [unknown-name]"
        )
    ]


def test_a_rule_may_name_a_pool_that_could_not_be_read(found):
    """The row of the pool is cut short: that is the one fault.

    start = 2026-06-01
    [funding]
    tranche,pool,amount,date
    A,ow
    [rules]
    rule,kind,scope,low
    R,least cash,own,5
    """
    assert [line.partition(":")[0] for line in found] == ["funding.csv"] * len(found)
    assert any("[row-length]" in line for line in found)
