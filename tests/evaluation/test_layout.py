"""The table as it is read: the paper's rows as the paper has them, and marked as its own."""

from diffava_foley.evaluation import published
from diffava_foley.evaluation.columns import COLUMNS
from diffava_foley.evaluation.layout import grid
from diffava_foley.evaluation.metrics.records import Interval, Measure
from diffava_foley.evaluation.table import Row, Table

KL = Measure("KL-softmax", "PANNs", 1.974, 12, Interval(1.9, 2.05))
LESS = Measure("KL-softmax, difference", "PANNs", -0.26, 12, Interval(-0.4, 0.05))


def table() -> Table:
    rows = (Row("text_only", "AudioLDM", {"kl_softmax": KL}), Row("diffava", "DiffAVA", {}))
    return Table("PANNs", rows, Row("difference", "difference", {"kl_softmax": LESS}))


def test_the_columns_begin_with_the_papers_in_its_order() -> None:
    assert grid(table()).headings[:4] == ("IS ↑", "KL ↓", "FAD ↓", "FD ↓")


def test_a_value_has_its_interval_and_what_is_not_measured_is_empty() -> None:
    line = grid(table()).lines[0]

    assert (line.n, line.cells[:4]) == ("12", ("", "1.97 [1.90, 2.05]", "", ""))
    assert grid(table()).lines[1].cells == ("",) * len(COLUMNS)


def test_a_difference_has_its_sign() -> None:
    assert grid(table()).lines[2].cells[1] == "-0.26 [-0.40, +0.05]"


def test_nought_has_no_minus() -> None:
    nearly = Measure("KL-softmax", "PANNs", -1e-7, 12, Interval(-1e-7, 0.004))
    row = Row("text_only", "AudioLDM", {"kl_softmax": nearly})

    laid = grid(Table("PANNs", (row,), Row("difference", "difference", row.measures)))

    assert laid.lines[0].cells[1] == "0.00 [0.00, 0.00]"
    assert laid.lines[1].cells[1] == "+0.00 [+0.00, +0.00]"


def test_the_published_rows_are_the_papers_and_say_so() -> None:
    laid = grid(table())
    lines = [line for line in laid.lines if line.is_published]

    assert [(line.title, line.n, *line.cells[:4]) for line in lines] == [
        ("DiffSound (published)", "886", "4.01", "2.52", "7.75", "47.68"),
        ("AudioGen (published)", "886", "", "2.09", "3.13", ""),
        ("AudioLDM (published)", "886", "6.90", "1.97", "2.43", "29.48"),
        ("DiffAVA (published)", "886", "7.37", "1.69", "4.23", "32.21"),
    ]
    assert laid.lines[-4:] == tuple(lines)
    assert "not ours; other judge" in published.NOTE
    assert published.NOTE in laid.legend
