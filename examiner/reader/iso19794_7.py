"""Reads ISO/IEC 19794-7:2007, full format: signature time series as other suites write them.

Before it: a file of that format, ours or another's. After it: the examiner, who gets channels and points as JSON.
The layout is that of GOST R ISO/IEC 19794-7-2009 (7.3.1 to 7.3.3, annex B) and ITU-T X.695 (2007); all integers are
big-endian. The headers of the edition of 2014 are not public: such a file is refused by its version, never guessed at.

Two things the public sources leave open, and what is done here:
- which bit of the extended-data byte is the flag: any byte but 0 counts;
- whether the points leave out a channel marked constant: the length of the file decides. Where both lengths would
  fit, the channel is taken to be there; `constantInPoints` says which it was.
Units are not in the format: values are raw, `scaling` is what the file says, and what it refers to is not interpreted.

    python3 iso19794_7.py FILE
"""

import argparse
import base64
import json
import sys
from typing import Any, Dict, List, Optional, Tuple

MAGIC = b"SDI\0"
VERSION = b" 10\0"
CHANNELS = ("X", "Y", "Z", "VX", "VY", "AX", "AY", "T", "DT", "F", "S", "TX", "TY", "Az", "El", "R")
"""In the order of the channel inclusion bits, the highest first, and of the values of a point."""
SIGNED = frozenset(("X", "Y", "VX", "VY", "AX", "AY", "TX", "TY"))
OFFSET = 32768

ATTRIBUTES = ((0x80, "scaling"), (0x40, "min"), (0x20, "max"), (0x10, "mean"), (0x08, "std"))
CONSTANT, LINEAR_REMOVED, RESERVED = 0x04, 0x02, 0x01

MAX_POINTS = 600_000
MAX_FILE_BYTES = 20_971_520

Channel = Dict[str, Any]


class IsoError(Exception):
    """What is wrong with a file. code: ISO_MALFORMED, ISO_VERSION or ISO_LIMIT; where: a byte."""

    def __init__(self, code: str, where: str, message: str) -> None:
        super().__init__(f"{code}: {where}: {message}")
        self.code = code
        self.where = where


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def left(self) -> int:
        return len(self.data) - self.at

    def error(self, message: str, code: str = "ISO_MALFORMED") -> IsoError:
        return IsoError(code, f"byte {self.at}", message)

    def take(self, length: int) -> bytes:
        if length > self.left():
            raise self.error("ends too early")
        self.at += length
        return self.data[self.at - length:self.at]

    def unsigned(self, length: int) -> int:
        return int.from_bytes(self.take(length), "big")


def read_iso(data: bytes) -> Dict[str, Any]:
    """Channels, points and extended data; raises IsoError, and nothing else, for what is no such file.

    A point has one integer per name in `columns`: -32768 to 32767 for X, Y, VX, VY, AX, AY, TX and TY, 0 to 255 for
    S, 0 to 65535 for the others.
    """
    if len(data) > MAX_FILE_BYTES:
        raise IsoError("ISO_LIMIT", "file", f"more than {MAX_FILE_BYTES} bytes")
    source = _Bytes(data)
    channels = read_header(source)
    extended = source.unsigned(1) != 0
    count = source.unsigned(3)
    if count > MAX_POINTS:
        raise source.error(f"more than {MAX_POINTS} points", "ISO_LIMIT")
    constant_in_points, columns = columns_of(source, channels, count, extended)
    points = [[value_of(source, name) for name in columns] for _ in range(count)]
    extended_data = base64.b64encode(source.take(source.unsigned(2))).decode("ascii") if extended else None
    if source.left() > 0:
        raise source.error("bytes after the end")
    return {"format": "ISO/IEC 19794-7:2007 full", "channels": channels, "constantInPoints": constant_in_points,
            "columns": columns, "points": points, "extendedData": extended_data}


def read_header(source: _Bytes) -> List[Channel]:
    if source.take(4) != MAGIC:
        raise source.error('does not begin with "SDI"')
    if source.take(4) != VERSION:
        raise source.error("a version other than that of 2007", "ISO_VERSION")
    included = source.unsigned(2)
    names = [name for index, name in enumerate(CHANNELS) if included & 0x8000 >> index]
    if "X" not in names or "Y" not in names:
        raise source.error("X or Y is not included")
    if ("T" in names) == ("DT" in names):
        raise source.error("exactly one of T and DT has to be included")
    channels = [read_channel(source, name) for name in names]
    if source.unsigned(1) != 0:
        raise source.error("the reserved byte that ends the header is not 0")
    return channels


def read_channel(source: _Bytes, name: str) -> Channel:
    preamble = source.unsigned(1)
    if preamble & RESERVED:
        raise source.error("a reserved bit of a channel's preamble is set")
    channel: Channel = {"name": name, "constant": bool(preamble & CONSTANT), "linearRemoved": bool(preamble & LINEAR_REMOVED)}
    for bit, attribute in ATTRIBUTES:
        channel[attribute] = attribute_of(source.unsigned(2), name, attribute) if preamble & bit else None
    return channel


def attribute_of(raw: int, name: str, attribute: str) -> Any:
    """Scaling is a 5-bit exponent, biased by 16, above an 11-bit fraction; least, greatest and mean are values."""
    if attribute == "scaling":
        return (1 + (raw & 0x7FF) / 2048) * 2.0 ** ((raw >> 11) - 16)
    return raw - OFFSET if name in SIGNED and attribute != "std" else raw


def size_of(name: str) -> int:
    return 1 if name == "S" else 2


def value_of(source: _Bytes, name: str) -> int:
    value = source.unsigned(size_of(name))
    return value - OFFSET if name in SIGNED else value


def columns_of(source: _Bytes, channels: List[Channel], count: int, extended: bool) -> Tuple[bool, List[str]]:
    """Whether constant channels are among the points, and the names that are. Nothing is reserved before this."""
    every = [channel["name"] for channel in channels]
    varying = [channel["name"] for channel in channels if not channel["constant"]]
    for with_constant, names in ((True, every), (False, varying)):
        if ends_there(source, count * sum(map(size_of, names)), extended):
            return with_constant, names
    raise source.error("the points do not fill the file, or are more than it holds")


def ends_there(source: _Bytes, points_bytes: int, extended: bool) -> bool:
    if not extended:
        return points_bytes == source.left()
    length_at = source.at + points_bytes
    length = int.from_bytes(source.data[length_at:length_at + 2], "big")
    return points_bytes + 2 + length == source.left()


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Reads ISO/IEC 19794-7:2007, full format, and prints it as JSON.")
    parser.add_argument("file")
    options = parser.parse_args(arguments)
    try:
        with open(options.file, "rb") as file:
            read = read_iso(file.read(MAX_FILE_BYTES + 1))
    except (IsoError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(read))
    return 0


if __name__ == "__main__":
    sys.exit(main())
