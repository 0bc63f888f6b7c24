"""Sections and columns: biometrics/FORMAT.md, section 4.

Before it: the map of a section, as record_shape.py checked it. After it: record_reader.py, which names the columns.
Inflating stops one byte beyond what the section announces, so a deflate bomb costs no more than the limit.
"""

import math
import struct
import zlib
from typing import Any, Dict, List, Optional, Union

from record_errors import MAX_WHOLE, RecordError, malformed

Number = Union[int, float]
Column = List[Optional[Number]]

EMPTY, FRACTIONS, RAW = range(3)


def inflate(section: Dict[str, Any], where: str) -> bytes:
    """The bytes of a section whose `length` is within the limit already."""
    length: int = section["length"]
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = stream.decompress(section["deflate"], length + 1)
    except zlib.error:
        raise malformed(where, "no deflate stream") from None
    if len(data) != length:
        raise malformed(where, "inflates to more or less than its length")
    if not stream.eof or stream.unused_data:
        raise malformed(where, "the deflate stream is cut, or has bytes after its end")
    return data


class ColumnReader:
    """Reads the columns of one section, one after the other."""

    def __init__(self, data: bytes, where: str) -> None:
        self.data = data
        self.where = where
        self.at = 0

    def column(self, count: int) -> Column:
        head = self.take(1)[0]
        kind, order, some_null = head & 3, head >> 2 & 3, bool(head & 16)
        if head > 31 or kind > RAW or order > 2:
            raise self.error("a column of an unknown kind or order")
        if (kind != FRACTIONS and order != 0) or (kind == EMPTY and some_null):
            raise self.error("a column head with bits that its kind does not have")
        if kind == EMPTY:
            return [None] * count
        runs = self.runs(count) if some_null else [count]
        present = sum(runs[::2])
        values = self.fractions(present, order) if kind == FRACTIONS else self.raw(present)
        return spread(values, runs) if some_null else list(values)

    def rest(self) -> bytes:
        return self.take(len(self.data) - self.at)

    def end(self) -> None:
        if self.at != len(self.data):
            raise self.error("bytes after the last column")

    def error(self, message: str) -> RecordError:
        return malformed(f"{self.where}, byte {self.at}", message)

    def take(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise self.error("ends too early")
        self.at += length
        return self.data[self.at - length:self.at]

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if value > MAX_WHOLE:
                raise self.error("a varint above 2^53 - 1")
            if byte < 128:
                break
            shift += 7
            if shift > 49:
                raise self.error("a varint of more than eight bytes")
        if byte == 0 and shift > 0:
            raise self.error("a varint in more bytes than it needs")
        return value

    def zigzag(self) -> int:
        value = self.varint()
        return -(value + 1 >> 1) if value & 1 else value >> 1

    def runs(self, count: int) -> List[int]:
        """Lengths of the runs: present, null, present, ... At most one is 0, so there are at most count + 1."""
        runs: List[int] = []
        total = 0
        while total < count:
            run = self.varint()
            total += run
            if total > count or (run == 0 and runs):
                raise self.error("a run that is empty, or longer than the column")
            runs.append(run)
        return runs

    def fractions(self, present: int, order: int) -> List[Number]:
        divisor = self.varint()
        if divisor == 0:
            raise self.error("the divisor 0")
        values: List[Number] = []
        numerator = difference = 0
        for index in range(present):
            residual = self.zigzag()
            if order == 0 or index == 0:
                numerator = residual
            else:
                difference = difference + residual if order == 2 and index > 1 else residual
                numerator += difference
            if abs(numerator) > MAX_WHOLE or abs(difference) > MAX_WHOLE:
                raise self.error("a numerator or a difference beyond 2^53 - 1")
            values.append(plain(numerator / divisor))
        return values

    def raw(self, present: int) -> List[Number]:
        values = struct.unpack(f"<{present}d", self.take(8 * present))
        if not all(map(math.isfinite, values)):
            raise self.error("a value that is not finite")
        return [plain(value) for value in values]


def plain(value: float) -> Number:
    """A whole number as int, so that it prints without a fraction; minus zero stays a float."""
    if value.is_integer() and abs(value) <= MAX_WHOLE and not (value == 0 and math.copysign(1, value) < 0):
        return int(value)
    return value


def spread(values: List[Number], runs: List[int]) -> Column:
    """The values with their nulls between them."""
    column: Column = []
    at = 0
    for index, run in enumerate(runs):
        if index % 2:
            column.extend([None] * run)
        else:
            column.extend(values[at:at + run])
            at += run
    return column
