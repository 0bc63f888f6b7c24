"""Reads a record, written from biometrics/FORMAT.md alone, with nothing but Python's standard library (3.9 or later).

Before it: OpenSSL, which opens the seal and checks the signature (FORMAT.md, section 7; README.md beside this file).
After it: the examiner, who gets the record as JSON or its samples as CSV.
It does not say who made a record: bytes that no signature covers read as well as any others.

    python3 record_reader.py RECORD [--json | --csv]
"""

import argparse
import base64
import csv
import json
import sys
from typing import Any, Dict, List, Optional

from record_cbor import decode_cbor
from record_columns import Column, ColumnReader, inflate
from record_errors import MAX_RECORD_BYTES, MAX_REPORT_BYTES, RecordError, beyond, malformed
from record_shape import body

MAGIC = b"CSGR"
NEWEST_VERSION = 3
HEADER_BYTES = 5

PEN = ("x", "y", "deviceTime", "tip", "azimuth", "altitude", "pressure")
HOST = ("hostTime",)
OTHER = ("z", "tangentialPressure", "tiltX", "tiltY", "twist", "battery", "transducer", "switches", "marks")
NEVER_NULL = ("x", "y", "hostTime", "tip", "transducer", "switches", "marks")

COLUMNS = ("x", "y", "z", "pressure", "tangentialPressure", "tiltX", "tiltY", "azimuth", "altitude", "twist", "battery",
           "deviceTime", "hostTime", "transducerSerial", "switches", "marks")
"""The columns of the samples as they are handed out. `switches` has the tip as its bit 0."""


def read_record(data: bytes) -> Dict[str, Any]:
    """`version`, `context` and `capture` of a record; raises RecordError, and nothing else, for what is none."""
    if len(data) > MAX_RECORD_BYTES:
        raise beyond("record", MAX_RECORD_BYTES)
    version = version_of(data)
    members = body(version)(decode_cbor(data, HEADER_BYTES), "")
    context = members.pop("context")
    members["samples"] = read_samples(members["samples"])
    if members["reports"] is not None:
        members["reports"] = read_reports(members["reports"])
    return {"version": version, "context": context, "capture": members}


def version_of(data: bytes) -> int:
    if data[:4] != MAGIC or len(data) < HEADER_BYTES:
        raise malformed("byte 0", 'does not begin with "CSGR" and a version')
    version = data[4]
    if not 1 <= version <= NEWEST_VERSION:
        raise RecordError("RECORD_VERSION", "byte 4", f"version {version}; this reader knows 1 to {NEWEST_VERSION}")
    return version


def read_samples(samples: Dict[str, Any]) -> Dict[str, Any]:
    count, transducers = samples["count"], samples["transducers"]
    columns: Dict[str, Column] = {}
    for section, names in (("pen", PEN), ("host", HOST), ("other", OTHER)):
        where = f"samples.{section}"
        reader = ColumnReader(inflate(samples[section], where), where)
        columns.update((name, reader.column(count)) for name in names)
        reader.end()
    for name in NEVER_NULL:
        if None in columns[name]:
            raise malformed(f"samples.{name}", "a value is null")
    tip = integers(columns.pop("tip"), 1, "samples.tip")
    high = integers(columns["switches"], 2**31 - 1, "samples.switches")
    pens = integers(columns.pop("transducer"), len(transducers), "samples.transducer")
    columns["switches"] = [low + 2 * rest for low, rest in zip(tip, high)]
    columns["marks"] = list(integers(columns["marks"], 2**32 - 1, "samples.marks"))
    rows = [list(row) for row in zip(*(columns[name] if name in columns else [None] * count for name in COLUMNS))]
    serial_at = COLUMNS.index("transducerSerial")
    for row, pen in zip(rows, pens):
        row[serial_at] = str(transducers[pen - 1]) if pen else None
    return {"columns": list(COLUMNS), "rows": rows}


def integers(column: Column, most: int, where: str) -> List[int]:
    """The column as integers from 0 to `most`."""
    for value in column:
        # `plain` made every whole number an int but minus zero
        if type(value) is not int or not 0 <= value <= most:
            raise malformed(where, f"a value that is no integer from 0 to {most}")
    return [value for value in column if type(value) is int]


def read_reports(reports: Dict[str, Any]) -> List[Dict[str, Any]]:
    """Each report with its host time in nanoseconds and its bytes."""
    where = "reports.section"
    reader = ColumnReader(inflate(reports["section"], where), where)
    times, sizes = reader.column(reports["count"]), reader.column(reports["count"])
    if None in times or None in sizes:
        raise malformed(where, "a time or a length is null")
    lengths = integers(sizes, 2**53 - 1, where)
    if any(length > MAX_REPORT_BYTES for length in lengths):
        raise beyond(where, MAX_REPORT_BYTES)
    read = [{"hostTime": time, "bytes": reader.take(length)} for time, length in zip(times, lengths)]
    reader.end()
    return read


def to_json(record: Dict[str, Any]) -> str:
    """ASCII, so that a text from the record cannot steer a terminal. Bytes are Base64, as in the vectors."""
    return json.dumps(record, default=lambda value: base64.b64encode(value).decode("ascii"), allow_nan=False)


def units_of(capture: Dict[str, Any]) -> Dict[str, str]:
    """The unit of each channel; of two of the same name the first one counts."""
    units = {"deviceTime": "tick", "hostTime": "ns"}
    units.update((channel["name"], channel["unit"]) for channel in reversed(capture["source"]["channels"]))
    return units


def write_csv(record: Dict[str, Any]) -> None:
    """The samples, raw values as the device gave them, with the unit of each column in its head."""
    units = units_of(record["capture"])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    samples = record["capture"]["samples"]
    writer.writerow(printable(f"{name} [{units[name]}]" if name in units else name) for name in samples["columns"])
    writer.writerows(samples["rows"])


def printable(value: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in value)


def summary(record: Dict[str, Any]) -> str:
    context, capture = record["context"], record["capture"]
    reports = "none" if capture["reports"] is None else len(capture["reports"])
    lines = [
        f"record version {record['version']}" + (", made in demo mode: not evidence" if context["demo"] else ""),
        f"tenant {context['tenant']}, site {context['site']}, station {context['station']['id']}, "
        f"record number {context['chain']['number']}",
        f"document SHA-256 {context['document']['sha256']}, {context['document']['length']} bytes",
        f"field {context['field']['name']} on page {context['field']['page'] + 1}",
        f"signed at {context['time']['signedAt']} by the station's clock",
        f"device {capture['source']['device']['name']}, {len(capture['samples']['rows'])} samples, raw reports {reports}, "
        f"losses {capture['losses']['count']}" + ("" if capture["complete"] else ", INCOMPLETE"),
    ]
    return "\n".join(map(printable, lines + [f"recipient {digest}" for digest in context["recipients"]]))


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Reads a record that OpenSSL has taken out of its seal.")
    parser.add_argument("record")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything, as JSON")
    form.add_argument("--csv", action="store_true", help="the samples, as CSV")
    options = parser.parse_args(arguments)
    try:
        with open(options.record, "rb") as file:
            record = read_record(file.read(MAX_RECORD_BYTES + 1))
    except (RecordError, OSError) as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if options.csv:
        write_csv(record)
    else:
        print(to_json(record) if options.json else summary(record))
    return 0


if __name__ == "__main__":
    sys.exit(main())
