"""Names: references, keys given twice, names that could mean two things. A test's docstring is the model it is about."""

from tandemplan.model.schema import ROW_CLASSES
from tandemplan.testing.models import reading_of


def test_a_sound_model_has_no_problem(found):
    """Two sites, a lane, one bill.

    start = 2026-06-01
    periods = 6 weeks
    [sites]
    site
    Turin
    Lyon
    [items]
    item
    frame
    rod
    [bom]
    parent,component,quantity_units
    frame,rod,2
    [work_centres]
    work_centre,site
    line,Turin
    [operations]
    item,site,work_centre,plateau_hours
    frame,Turin,line,4
    [offers]
    offer,item,site
    o1,rod,Turin
    [lanes]
    lane,from_place,to_site,transit_days
    l1,Turin,Lyon,2
    [demands]
    demand,site,item,quantity_units,due
    d1,Lyon,frame,5,2026-06-26
    """
    assert found == []


def test_a_misspelt_reference_is_one_problem_and_is_read_as_meant(found):
    """The offer names 'rodd': rod is not also said to lack supply.

    start = 2026-06-01
    [items]
    item
    rod
    [offers]
    offer,item
    o1,rodd
    [demands]
    demand,item,quantity_units,due
    d1,rod,5,2026-06-26
    """
    assert found == ["offers.csv:2: item 'rodd' is not in items. Did you mean 'rod'? [unknown-name]"]


def test_a_misspelt_key_is_one_problem_for_each_file_that_refers_to_it(found):
    """The item is written 'fram'.

    start = 2026-06-01
    [items]
    item
    fram
    [offers]
    offer,item
    o1,frame
    [demands]
    demand,item,quantity_units,due
    d1,frame,5,2026-06-26
    d2,frame,5,2026-06-26
    d3,frame,5,2026-06-26
    """
    assert found == [
        "demands.csv:2: item 'frame' is not in items (also on lines 3 and 4). Did you mean 'fram'? [unknown-name]",
        "offers.csv:2: item 'frame' is not in items. Did you mean 'fram'? [unknown-name]",
    ]


def test_an_absent_table_is_said_once_for_a_column(found):
    """No countries at all.

    start = 2026-06-01
    [suppliers]
    supplier,country
    a,IT
    b,FR
    """
    assert found == [
        "suppliers.csv:2: country 'IT' is not in countries: the programme has no such table (also on line 3). [unknown-name]"
    ]


def test_each_name_of_a_list_is_looked_up(found):
    """A licence covers two places, one unknown.

    start = 2026-06-01
    [sites]
    site
    Turin
    [tasks]
    task
    permit
    [licences]
    licence,task,to_places
    x,permit,Turin;Turn
    """
    assert found == [
        "licences.csv:2: to_places 'Turn' is not in sites, countries or suppliers. Did you mean 'Turin'? [unknown-name]"
    ]


def test_sources_are_free_words_without_a_table_of_them(found):
    """Nobody lists sources here.

    start = 2026-06-01
    [items]
    item,source
    rod,assumption
    [claims]
    claim,by
    c,somebody
    """
    assert found == []


def test_sources_are_references_with_a_table_of_them(found):
    """One source is listed.

    start = 2026-06-01
    [sources]
    source
    report
    [items]
    item,source
    rod,reprot
    """
    assert found == ["items.csv:2: source 'reprot' is not in sources. Did you mean 'report'? [unknown-name]"]


def test_a_place_that_is_both_site_and_country_is_ambiguous(found):
    """Malta is a site and a country.

    start = 2026-06-01
    [countries]
    country
    Malta
    [sites]
    site
    Malta
    Turin
    [lanes]
    lane,from_place,to_site
    l1,Malta,Turin
    """
    assert found == [
        (
            "lanes.csv:2: from_place 'Malta' is in sites and countries: it is not clear which is meant. Rename one. "
            "[ambiguous-name]"
        )
    ]


def test_a_key_given_twice_names_both_lines(found):
    """Compound keys count as a whole.

    start = 2026-06-01
    [items]
    item
    frame
    rod
    frame
    [stock]
    item,lot,quantity_units
    rod,,1
    rod,a,1
    rod,a,2
    """
    assert found == [
        "items.csv:4: item 'frame' is given twice; the first is on line 2. Drop one of the rows, or rename it. [repeated-key]",
        (
            "stock.csv:4: item 'rod', lot 'a' is given twice; the first is on line 3. Drop one of the rows, or rename it. "
            "[repeated-key]"
        ),
    ]


def test_blank_keys_are_missing_not_repeated(found):
    """Two rows without a name.

    start = 2026-06-01
    [items]
    item,unit
    ,each
    ,kg
    """
    assert found == [
        "items.csv:2: item is blank; it must be given. [missing-value]",
        "items.csv:3: item is blank; it must be given. [missing-value]",
    ]


def test_one_name_for_two_kinds_of_resource(found):
    """Results name work centres, skills and tools alike.

    start = 2026-06-01
    [work_centres]
    work_centre
    assembly
    [skills]
    skill
    assembly
    """
    assert found == [
        (
            "skills.csv:2: skill 'assembly' is also the name of a row of work_centres (work_centres.csv:2). "
            "Rename one: results name both alike. [repeated-name]"
        )
    ]


def test_links_join_groups_of_risks(found):
    """One group is misspelt.

    start = 2026-06-01
    [risks]
    risk,group
    strike,labour
    [risk_links]
    from_group,to_group
    labour,labor
    """
    assert found == [
        "risk_links.csv:2: to_group 'labor' is not the group of any risk. Did you mean 'labour'? [unknown-name]"
    ]


def test_contracts_name_pools_of_funding(found):
    """The pool is misspelt.

    start = 2026-06-01
    [items]
    item
    rod
    [customers]
    customer
    host
    [funding]
    tranche,pool,amount,date
    t1,state,100,2026-06-01
    [contracts]
    contract,customer,item,pool
    c1,host,rod,stat
    """
    assert found == [
        "contracts.csv:2: pool 'stat' is not the pool of any row of funding. Did you mean 'state'? [unknown-name]"
    ]


def test_what_an_unreadable_file_would_have_said_is_not_missed_elsewhere():
    """The items are in a table with a misspelt name: only that is reported."""
    model = "start = 2026-06-01\n[item]\nitem\nrod\n[offers]\noffer,item\no1,rod\n"
    assert [str(p) for p in reading_of(model).problems] == [
        "item.csv: there is no table 'item'. Did you mean 'items'? [unknown-table]"
    ]


def test_a_misspelt_column_is_not_also_a_blank_one(found):
    """The demand's site stands in a column 'siet'.

    start = 2026-06-01
    [sites]
    site
    Turin
    [items]
    item
    rod
    [offers]
    offer,item,site
    o1,rod,Turin
    [demands]
    demand,siet,item,quantity_units,due
    d1,Turin,rod,5,2026-06-26
    """
    assert found == ["demands.csv:1: table 'demands' has no column 'siet'. Did you mean 'site'? [unknown-column]"]


def test_two_faults_on_one_line_are_both_reported(found):
    """A misspelt item and a negative quantity.

    start = 2026-06-01
    [items]
    item
    rod
    [offers]
    offer,item
    o1,rod
    [demands]
    demand,item,quantity_units,due
    d1,rood,-5,2026-06-26
    """
    assert found == [
        "demands.csv:2: quantity_units is -5; it must be more than 0. [too-small]",
        "demands.csv:2: item 'rood' is not in items. Did you mean 'rod'? [unknown-name]",
    ]


def test_a_name_that_cannot_be_guessed_is_not_blamed_on_others(found):
    """The pattern's site is unknown; the work centre that uses the pattern is not said to be elsewhere.

    start = 2026-06-01
    [sites]
    site
    Turin
    [shift_patterns]
    shift_pattern,site
    early,Oslo
    [work_centres]
    work_centre,site,shift_pattern
    line,Turin,early
    """
    assert found == ["shift_patterns.csv:2: site 'Oslo' is not in sites. [unknown-name]"]


def test_rows_whose_key_cannot_be_read_are_not_missed(found):
    """The second offer's name holds a semicolon: the open order that names it is not blamed.

    start = 2026-06-01
    [items]
    item
    rod
    [offers]
    offer,item
    o;2,rod
    [open_orders]
    order,offer,item,quantity_units,promised
    p1,o2,rod,1,2026-06-26
    """
    assert found == [
        "offers.csv:2: offer is 'o;2'; a name holds no ';', '|' or control character. [bad-name]",
    ]


def test_each_reference_names_tables_that_exist():
    tables = {c.DESCRIPTION.name for c in ROW_CLASSES}
    assert {t for c in ROW_CLASSES for column in c.DESCRIPTION.columns for t in column.refers_to} <= tables
