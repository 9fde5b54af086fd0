import csv
import gzip
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Invalid
from models.support.importing import values
from models.support.importing.columns import find_columns
from models.support.importing.export_file import LINE_LIMIT, UTF8, WESTERN, ExportFile
from models.support.importing.lines import Broken, Record, read_records
from models.support.importing.reader import Row, export_rows, group_rows
from tests.support.exports import EXCERPT, HEADING, line, write

IN_UTC = ZoneInfo("UTC")
FIELD = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("29/2/2016 01:16", utc(2016, 2, 29, 1, 16)),
        ("5/3/2016 12:00", utc(2016, 3, 5, 12, 0)),
        ("05-03-2016 12:00:09", utc(2016, 3, 5, 12, 0, 9)),
        ("5.3.2016", utc(2016, 3, 5)),
        ("2016-02-29 01:16:00", utc(2016, 2, 29, 1, 16)),
        ("2016-02-29T01:16:00", utc(2016, 2, 29, 1, 16)),
        ("2016-02-29T01:16:00.123Z", utc(2016, 2, 29, 1, 16)),
        ("2016-02-29T01:16:00+02:00", utc(2016, 2, 28, 23, 16)),
        ("2016-02-29 01:16:00-0530", utc(2016, 2, 29, 6, 46)),
        ("2016/02/29 01:16", utc(2016, 2, 29, 1, 16)),
        (" 2016-02-29 ", utc(2016, 2, 29)),
        ("?", None),
        ("", None),
        (" (empty) ", None),
    ],
)
def test_a_moment_is_read_in_the_ways_that_tools_write_one(text, moment):
    assert values.moment_reader(IN_UTC)(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "30/2/2016 01:16",
        "29/2/2015 01:16",
        "2/29/2016 01:16",
        "1/1/1066",
        "1/1/9999",
        "29/2/16",
        "yesterday",
        "25:00",
        "1/1/2016 24:01",
        "1/1/2016 1:2",
        "1/1-2016",
        "2016-02-29 01:16 Europe",
        "\u0661/1/2016 1:00",
        "2016-02-29T01:16+99:00",
    ],
)
def test_what_is_no_moment_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"no date|time of day|calendar|no year"):
        values.moment_reader(IN_UTC)(text)


def test_a_moment_without_an_offset_is_on_the_clock_of_the_file():
    read = values.moment_reader(ZoneInfo("Europe/Amsterdam"))
    assert read("1/7/2016 12:00") == utc(2016, 7, 1, 10, 0)
    assert read("1/1/2016 12:00") == utc(2016, 1, 1, 11, 0)
    assert read("2016-07-01T12:00:00Z") == utc(2016, 7, 1, 12, 0)


@given(st.integers(int(utc(1971, 1, 2).timestamp()), int(utc(2199, 1, 1).timestamp())))
def test_every_moment_survives_being_written_day_first_and_year_first(seconds):
    read = values.moment_reader(IN_UTC)
    moment = datetime.fromtimestamp(seconds, UTC)
    written = f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M:%S}"
    assert read(written) == read(f"{moment:%Y-%m-%d %H:%M:%S}") == moment


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("3 - Moderate", 3),
        ("1 - Critical", 1),
        ("P2", 2),
        ("4", 4),
        ("Low", 4),
        ("moderate", 3),
        ("?", None),
        ("12", None),
    ],
)
def test_a_priority_is_read_as_a_number(text, priority):
    assert values.priority(text) == priority


@pytest.mark.parametrize(
    ("heading", "delimiter", "number", "opened", "problem"),
    [
        ("number,opened_at,problem_id", ",", 0, 1, 2),
        ("Number;Opened;Problem", ";", 0, 1, 2),
        ("Opened\tNumber", "\t", 1, 0, -1),
        ('"Short description","Number","Opened"', ",", 1, 2, -1),
        ("NUMBER, Opened At ,x", ",", 0, 1, -1),
        ("sys_created_at,opened_at,number", ",", 2, 1, -1),
        ("sys_created_on,number", ",", 1, 0, -1),
    ],
)
def test_columns_are_found_by_their_headings(heading, delimiter, number, opened, problem):
    found = find_columns(heading)
    assert (found.delimiter, found.number, found.opened, found.problem) == (delimiter, number, opened, problem)


def test_a_missing_column_is_one_sentence_that_names_what_is_there():
    with pytest.raises(ValueError, match=r"incident's number \(such as number\) and .*opened_at.*has: a, b$"):
        find_columns("a,b")


def read(text: bytes, encoding: str = UTF8) -> list[Record | Broken]:
    numbered = enumerate(io.BytesIO(text).readlines(), 1)
    return list(read_records(numbered, encoding, ","))


def test_a_quoted_field_may_run_over_several_lines():
    found = read(b'a,"one\ntwo ""x""\n,three",c\nd,e,f\n')
    assert found == [Record(1, 3, ["a", 'one\ntwo "x"\n,three', "c"]), Record(4, 4, ["d", "e", "f"])]


def test_a_quote_that_nobody_closes_costs_its_own_line_only():
    found = read(b'a,b\nc,"d\n' + b"e,f\n" * 300)
    assert found[0] == Record(1, 1, ["a", "b"])
    assert found[1] == Broken(2, "a quote is opened and never closed")
    assert [one.line for one in found[2:]] == list(range(3, 303))


def test_a_quote_within_a_field_is_a_quote():
    assert read(b'a,the 5" disk,b\n') == [Record(1, 1, ["a", 'the 5" disk', "b"])]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"a\0b,c\n", "NUL"),
        (b'"a"b,c\n', "no CSV"),
        (b"\xff\xfe,c\n", "UTF-8"),
    ],
)
def test_a_broken_line_is_told_from_its_neighbours(text, why):
    first, broken, last = read(b"1,2\n" + text + b"3,4\n")
    assert broken.line == 2
    assert why in broken.why
    assert (first.fields, last.fields) == (["1", "2"], ["3", "4"])


def test_a_line_without_end_is_one_broken_line_however_long_it_is(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"number,opened_at\n" + b"x" * (3 * LINE_LIMIT) + b"\nINC1,1/1/2016 10:00\n")
    broken, row = export_rows(ExportFile(path), UTF8, IN_UTC)
    assert (broken.line, broken.why) == (2, "it is longer than 65,536 bytes")
    assert (row.line, row.number) == (3, "INC1")


@given(st.lists(st.lists(FIELD, min_size=2, max_size=5), max_size=8))
def test_what_is_written_as_csv_is_read_back(written):
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(written)
    found = read(file.getvalue().encode())
    assert [one.fields for one in found] == written


@given(st.binary(max_size=400))
def test_any_bytes_are_records_or_broken_lines_and_each_line_is_accounted_for(content):
    lines = 0
    for one in read(content):
        assert one.line > lines
        lines = one.last if isinstance(one, Record) else one.line


def some(tmp_path, lines, heading=HEADING, name="incidents.csv"):
    source = ExportFile(write(tmp_path / name, lines, heading))
    return list(export_rows(source, source.survey().encoding, IN_UTC))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (line("INC1")[:-1], "7 fields where the first line has 8"),
        ([*line("INC1"), "x"], "9 fields"),
        (line(" ?! "), "no incident number"),
        (line("I" * 41), "longer than 40"),
        (line("INC1", opened="?"), "when the incident was opened"),
        (line("INC1", opened="31/2/2016 10:00"), "calendar"),
        (line("INC1", symptom="x" * 4001), "longer than 4,000"),
        (line("INC1", ci="x" * 256), "longer than 255"),
        (["INC1", "1/1/2016 10:00", "many", "?", "", "", "", ""], "no whole number"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_the_reason_and_the_next_one_is_read(tmp_path, fields, why):
    broken, good = some(tmp_path, [fields, line("INC2")])
    assert broken.line == 2
    assert why in broken.why
    assert good.number == "INC2"


def test_a_row_holds_what_its_line_says(tmp_path):
    (row,) = some(
        tmp_path, [line(" inc0000045 ", problem="Problem ID  2", priority="2 - High", ci="pay-api", updates=7)]
    )
    assert (row.number, row.problem, row.priority, row.ci, row.updates) == (
        "INC0000045",
        "Problem ID 2",
        2,
        "pay-api",
        7,
    )
    assert row.opened_at == row.seen_at == utc(2016, 2, 29, 1, 16)
    assert (row.line, row.resolved_at, row.change) == (2, None, "")


def test_a_plain_and_a_gzipped_file_are_read_alike_and_have_one_fingerprint(tmp_path):
    plain = ExportFile(EXCERPT)
    (tmp_path / "misnamed.csv").write_bytes(gzip.compress(EXCERPT.read_bytes()))
    zipped = ExportFile(tmp_path / "misnamed.csv")
    assert plain.survey() == zipped.survey()
    assert list(export_rows(plain, UTF8, IN_UTC)) == list(export_rows(zipped, UTF8, IN_UTC))
    assert len(list(export_rows(plain, UTF8, IN_UTC))) == 346


def test_a_byte_order_mark_and_empty_lines_are_no_content(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + b"number,opened_at\r\n\r\nINC1,1/1/2016 10:00\r\n\r\n")
    assert [row.number for row in export_rows(ExportFile(path), UTF8, IN_UTC)] == ["INC1"]


def test_the_encoding_is_what_most_lines_are_in(tmp_path):
    path = tmp_path / "x.csv"
    head = b"number,opened_at,u_symptom\n"
    good, bad = ("INC{},1/1/2016 10:00,\u00e9t\u00e9\n".encode(code) for code in ("utf-8", "cp1252"))
    path.write_bytes(head + good.replace(b"{}", b"1") * 2 + bad)
    source = ExportFile(path)
    assert source.survey().encoding == UTF8
    assert [type(one) for one in export_rows(source, UTF8, IN_UTC)] == [Row, Row, Broken]
    path.write_bytes(head + bad * 2 + good)
    source = ExportFile(path)
    assert source.survey().encoding == WESTERN
    assert next(iter(export_rows(source, WESTERN, IN_UTC))).symptom == "\u00e9t\u00e9"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        ("number,opened".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "Excel"),
        (b"a,b\n1,2\n", "has no column"),
        (b"number,op\0ened\n", "broken first line"),
        (gzip.compress(b"number,opened\n" * 1000, mtime=0)[:-10], "damaged"),
        (b"\x1f\x8bnot gzip at all", "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, content, why):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=why):
        list(export_rows(ExportFile(path), UTF8, IN_UTC))


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(Invalid, match="cannot be read"):
        ExportFile(tmp_path / "none.csv")


def test_rows_of_one_incident_stay_together_up_to_a_limit(tmp_path):
    found = some(tmp_path, [line(f"INC{number}") for number in (1, 1, 1, 2, 2, 3)])
    assert [[row.number for row in group] for group in group_rows(iter(found), 2, 5)] == [
        ["INC1"] * 3,
        ["INC2"] * 2,
        ["INC3"],
    ]
    assert [len(group) for group in group_rows(iter(found), 1, 2)] == [2, 1, 2, 1]
