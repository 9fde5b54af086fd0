"""Reading an export: a row for each saved state of an incident, or why a line is broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.limits import NUMBER_LIMIT
from models.support.importing import values
from models.support.importing.columns import Columns, find_columns
from models.support.importing.export_file import ExportFile
from models.support.importing.lines import Broken, Record, decode_line, read_records
from models.support.numbers import fold_incident


@dataclass(frozen=True, slots=True)
class Row:
    """One state of an incident, saved by the tool at ``seen_at``; missing texts are empty."""

    line: int
    last: int
    number: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    seen_at: datetime
    state: str
    priority: int | None
    ci: str
    symptom: str
    problem: str
    change: str
    caused_by: str
    updates: int


def export_rows(source: ExportFile, encoding: str, zone: ZoneInfo, after: int = 0) -> Iterator[Row | Broken]:
    """The rows after line ``after``; times without an offset are in ``zone``.

    Raises :class:`~models.errors.Invalid` if the file is empty or lacks a required column.
    """
    lines = source.lines()
    columns = find_heading(source, lines, encoding)
    rest = ((number, line) for number, line in lines if number > after)
    read = row_reader(columns, zone)
    for record in read_records(rest, encoding, columns.delimiter):
        yield record if isinstance(record, Broken) else read(record)


def row_reader(columns: Columns, zone: ZoneInfo) -> Callable[[Record], Row | Broken]:
    moment = values.moment_reader(zone)
    fold = lru_cache(maxsize=1024)(fold_incident)
    at = columns

    def field(fields: list[str], place: int) -> str:
        return fields[place] if place >= 0 else ""

    def read(record: Record) -> Row | Broken:
        fields = record.fields
        if len(fields) != at.count:
            return Broken(record.line, f"it has {len(fields)} fields where the first line has {at.count}")
        number = fold(fields[at.number])
        if not number:
            return Broken(record.line, "it has no incident number")
        if len(number) > NUMBER_LIMIT:
            return Broken(record.line, f"its incident number is longer than {NUMBER_LIMIT} characters")
        try:
            opened = moment(fields[at.opened])
            if opened is None:
                return Broken(record.line, "it does not say when the incident was opened")
            return Row(
                line=record.line,
                last=record.last,
                number=number,
                opened_at=opened,
                resolved_at=moment(field(fields, at.resolved)),
                closed_at=moment(field(fields, at.closed)),
                seen_at=moment(field(fields, at.updated)) or opened,
                state=values.short_text(field(fields, at.state)),
                priority=values.priority(field(fields, at.priority)),
                ci=values.short_text(field(fields, at.ci)),
                symptom=values.long_text(field(fields, at.symptom)),
                problem=values.short_text(field(fields, at.problem)),
                change=values.short_text(field(fields, at.change)),
                caused_by=values.short_text(field(fields, at.caused_by)),
                updates=values.whole_number(field(fields, at.updates)),
            )
        except ValueError as error:
            return Broken(record.line, str(error))

    return read


def find_heading(source: ExportFile, lines: Iterator[tuple[int, bytes]], encoding: str) -> Columns:
    """Read the headings in the first line that is not empty, and take it from ``lines``.

    Raises :class:`~models.errors.Invalid` if there is none, or a required column is missing.
    """
    number, line = next(((number, line) for number, line in lines if line.strip()), (0, b""))
    if not number:
        raise source.unusable("is empty")
    text = decode_line(number, line, encoding)
    if isinstance(text, Broken):
        raise source.unusable(f"has a broken first line: {text.why}")
    try:
        return find_columns(text)
    except ValueError as error:
        raise source.unusable(str(error)) from None


def group_rows(read: Iterator[Row | Broken], least: int, most: int) -> Iterator[list[Row | Broken]]:
    """Groups of ``least`` rows or more that end where another incident begins; the last may be smaller.

    So adjacent rows of one incident stay together, and only their final state is written. A group of ``most`` rows
    ends even within an incident.
    """
    group: list[Row | Broken] = []
    current = ""
    for one in read:
        number = one.number if isinstance(one, Row) else current
        if len(group) >= most or (len(group) >= least and number != current):
            yield group
            group = []
        group.append(one)
        current = number
    if group:
        yield group
