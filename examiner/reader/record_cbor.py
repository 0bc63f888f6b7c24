"""The part of CBOR (RFC 8949) that a record's body uses: biometrics/FORMAT.md, section 2.

Before it: the bytes after the record's version. After it: record_shape.py, which knows the members.
Only the deterministic form is read, so that one content has one body. Nothing is reserved on the word of a length.
Nesting is limited, so the recursion is, too. The first thing wrong gives the code, in the order of section 9.
"""

import math
import struct
from typing import Any, Dict, List, Tuple

from record_errors import MAX_CBOR_ITEMS, MAX_ENTRIES, MAX_NESTING, MAX_TEXT_UNITS, MAX_WHOLE, beyond, malformed

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE = range(8)
FLOAT64 = 27
SIMPLE_VALUES: Dict[int, Any] = {20: False, 21: True, 22: None}


def decode_cbor(data: bytes, start: int = 0) -> Any:
    """The one item from `start` to the last byte: int, float, bytes, str, list, dict, bool or None."""
    reader = _CborReader(data, start)
    value = reader.item(0)
    if reader.at != len(data):
        raise malformed(reader.place(), "bytes after the body")
    return value


class _CborReader:
    def __init__(self, data: bytes, start: int) -> None:
        self.data = data
        self.at = start
        self.items = 0

    def place(self) -> str:
        return f"byte {self.at}"

    def item(self, depth: int) -> Any:
        initial = self.take(1)[0]
        self.items += 1
        if self.items > MAX_CBOR_ITEMS:
            raise beyond(self.place(), MAX_CBOR_ITEMS)
        major, info = initial >> 5, initial & 31
        if major == SIMPLE:
            return self.simple(info)
        if major == TAG:
            raise malformed(self.place(), "a tag")
        argument = self.argument(info)
        if major == UNSIGNED:
            return argument
        if major == NEGATIVE:
            return self.negative(argument)
        if major == BYTES:
            return self.take(argument)
        if major == TEXT:
            return self.text(argument)
        if depth == MAX_NESTING:
            raise beyond(self.place(), MAX_NESTING)
        if argument > MAX_ENTRIES:
            raise beyond(self.place(), MAX_ENTRIES)
        return self.array(argument, depth + 1) if major == ARRAY else self.map(argument, depth + 1)

    def take(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise malformed(self.place(), "ends too early")
        self.at += length
        return self.data[self.at - length:self.at]

    def argument(self, info: int) -> int:
        """The number in or behind the initial byte, which must be in as few bytes as hold it."""
        if info < 24:
            return info
        if info > 27:
            raise malformed(self.place(), "a length that is not definite, or reserved")
        size = 1 << (info - 24)
        value = int.from_bytes(self.take(size), "big")
        if value < (24 if size == 1 else 1 << (4 * size)):
            raise malformed(self.place(), "a number in more bytes than it needs")
        return value

    def negative(self, argument: int) -> int:
        value = -1 - argument
        if value < -MAX_WHOLE:
            raise malformed(self.place(), "an integer below -(2^53 - 1)")
        return value

    def simple(self, info: int) -> Any:
        if info in SIMPLE_VALUES:
            return SIMPLE_VALUES[info]
        if info != FLOAT64:
            raise malformed(self.place(), "a simple value or a short float that records do not use")
        value: float = struct.unpack(">d", self.take(8))[0]
        if not math.isfinite(value):
            raise malformed(self.place(), "a float that is not finite")
        minus_zero = value == 0 and math.copysign(1, value) < 0
        if value.is_integer() and abs(value) <= MAX_WHOLE and not minus_zero:
            raise malformed(self.place(), "a whole number as a float")
        return value

    def text(self, length: int) -> str:
        raw = self.take(length)
        try:
            value = raw.decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise malformed(self.place(), "a text that is not UTF-8") from None
        if len(value) + sum(character > "\uffff" for character in value) > MAX_TEXT_UNITS:
            raise beyond(self.place(), MAX_TEXT_UNITS)
        return value

    def array(self, length: int, depth: int) -> List[Any]:
        return [self.item(depth) for _ in range(length)]

    def map(self, length: int, depth: int) -> Dict[str, Any]:
        entries: Dict[str, Any] = {}
        before = b""
        for _ in range(length):
            name, encoded = self.name(depth)
            if encoded <= before:
                raise malformed(self.place(), "a name twice, or names in another order than that of their bytes")
            before = encoded
            entries[name] = self.item(depth)
        return entries

    def name(self, depth: int) -> Tuple[str, bytes]:
        start = self.at
        if start < len(self.data) and self.data[start] >> 5 != TEXT:
            raise malformed(self.place(), "a name that is no text")
        return self.item(depth), self.data[start:self.at]
