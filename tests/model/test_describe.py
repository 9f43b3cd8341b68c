"""Everything derived from the one description of every table is there, and up to date."""

from pathlib import Path

import pytest

from tandemplan.model.describe import bounds_text, default_text, json_schema, note_of, reference_page, schema_text
from tandemplan.model.schema import ROW_CLASSES, Item, Offer, Operation, Settings

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def column(row_class, name):
    return row_class.DESCRIPTION.column(name)


@pytest.mark.parametrize(("name", "made"), [("tables.md", reference_page), ("schema.json", schema_text)])
def test_the_kept_reference_is_up_to_date(name, made):
    """Renew with `python -m tandemplan.model.describe docs/reference`."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == made()


def test_the_page_names_every_column():
    page = reference_page()
    for row_class in (Settings, *ROW_CLASSES):
        part = page.split(f"`{row_class.DESCRIPTION.name}`\n" if row_class is not Settings else "`programme.toml`\n")[1]
        for c in row_class.DESCRIPTION.columns:
            assert f"`{c.name}`" in part
            assert c.meaning


def test_notes_say_what_a_cell_holds():
    assert note_of(column(Item, "item")) == "Name of the item. A name. Must be given."
    assert note_of(column(Offer, "supplier")) == "Who sells. A name. Names rows of suppliers."
    assert note_of(column(Item, "hazard")).endswith("A yes or no. Blank means no.")
    assert bounds_text(column(Operation, "step")) == "at least 1"
    assert default_text(column(Item, "shelf_life_days")) == ""


def test_the_schema_has_each_table_with_its_required_columns():
    schema = json_schema()
    assert list(schema["properties"]) == ["programme", *(c.DESCRIPTION.name for c in ROW_CLASSES)]
    items = schema["properties"]["items"]["items"]
    assert items["required"] == ["item"]
    assert items["properties"]["kind"]["enum"] == ["product", "assembly", "subassembly", "part", "kit", "service"]
    assert items["properties"]["groups"] == {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "uniqueItems": True,
        "description": "Groups that rules and risks speak of, such as critical.",
        "default": [],
    }
