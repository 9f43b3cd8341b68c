"""A figure about a run, for notebooks and files."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from tandemplan.model.writing import write_bytes
from tandemplan.report import gallery

if TYPE_CHECKING:
    import pandas as pd

    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Run


@dataclass(frozen=True, repr=False)
class Figure(gallery.Figure):
    """One figure about a run: `name`, `title`, `description` in words, the picture as `svg`, and its `numbers`.

    `header` and `body` are the numbers as the report prints them. A notebook shows the picture.

    >>> import tandemplan as tp
    >>> tp.plan(tp.example("first_steps")).figure("costs")
    Figure('costs': The plan costs 3,002.80 EUR: purchases 3,000 EUR; holding 2.80 EUR.)
    """

    def __repr__(self) -> str:
        return f"Figure({self.name!r}: {self.description})"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """Return the picture as an image, so that its styles stay its own."""
        picture = b64encode(self.svg.encode()).decode()
        caption = f"<figcaption>{escape(self.description)}</figcaption>"
        image = f'<img alt="{escape(self.description)}" src="data:image/svg+xml;base64,{picture}">'
        return f"<figure><b>{escape(self.title)}</b><br>{image}{caption}</figure>"

    @property
    def numbers(self) -> pd.DataFrame:
        """Return the numbers behind the picture as a fresh frame; columns of numbers alone are float64, others text.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).figure("costs").numbers["amount, EUR"].head(2).tolist()
        [3000.0, 2.8]
        """
        import pandas as pd

        columns = [[row[i] for row in self.body] for i in range(len(self.header))]
        made = [_numbers(cells) for cells in columns]
        return pd.DataFrame(dict(enumerate(made))).set_axis(list(self.header), axis=1)

    def save(self, file: str | Path) -> Path:
        """Write the picture (`.svg`), or its numbers (`.csv`), and return the path.

        >>> import tandemplan as tp, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tp.plan(tp.example("first_steps")).figure("load").save(f"{folder}/load.svg").name
        'load.svg'
        """
        path = Path(file)
        if path.suffix.lower() == ".csv":
            write_bytes(path, self.numbers.to_csv(index=False, lineterminator="\n").encode())
        elif path.suffix.lower() == ".svg":
            write_bytes(path, self.svg.encode())
        else:
            raise ValueError(f"A figure is saved as .svg, its numbers as .csv; '{path}' is neither.")
        return path


def figure(name: str, run: Run, programme: Programme) -> Figure:
    """Return a figure by its name; raises KeyError for an unknown one."""
    drawn = gallery.figure(name, run, programme)
    return Figure(**{f.name: getattr(drawn, f.name) for f in fields(drawn)})


def _numbers(cells: list[str]) -> pd.Series[float] | pd.Series[str]:
    """Return cells as numbers when all that are not blank are, and as text otherwise."""
    import pandas as pd

    plain = [c.replace(",", "") for c in cells]
    try:
        values = [float(c) if c else float("nan") for c in plain]
    except ValueError:
        return pd.Series(cells, dtype="str")
    return pd.Series(values, dtype="float64") if any(plain) else pd.Series(cells, dtype="str")
