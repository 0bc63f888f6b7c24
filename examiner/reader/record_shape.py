"""The members of a record's body and their types: biometrics/FORMAT.md, sections 2, 3, 5 and 8.

Before it: record_cbor.py. After it: record_reader.py, which may rely on every member and its type.
A check takes a value and where it stands, and gives the value back, with null for members that its version lacks.
"""

import calendar
import re
from typing import Any, Callable, Dict, Tuple

from record_errors import (MAX_RECIPIENTS, MAX_REPORTS, MAX_SAMPLES, MAX_SECTION_BYTES, MAX_WHOLE, beyond,
                           malformed)

Check = Callable[[Any, str], Any]

TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
                  r"(?:Z|[+-]([0-9]{2}):([0-9]{2}))")
MAX_TIME_CHARACTERS = 128
DIGEST = re.compile(r"[0-9a-f]{64}")


def of_type(kind: type, name: str) -> Check:
    def check(value: Any, where: str) -> Any:
        if type(value) is not kind:  # not isinstance: true is an int in Python
            raise malformed(where, f"is no {name}")
        return value
    return check


text = of_type(str, "text")
boolean = of_type(bool, "boolean")
byte_string = of_type(bytes, "byte string")


def number(value: Any, where: str) -> Any:
    if type(value) is not float and (type(value) is not int or abs(value) > MAX_WHOLE):
        raise malformed(where, "is no number, or a float written as an integer")
    return value


def whole(most: int = MAX_WHOLE) -> Check:
    def check(value: Any, where: str) -> int:
        if type(value) is not int or not 0 <= value <= most:
            raise malformed(where, f"is no integer from 0 to {most}")
        return value
    return check


integer = whole()


def counted(limit: int) -> Check:
    """An integer that is a size, with a limit of section 6."""
    def check(value: Any, where: str) -> int:
        if integer(value, where) > limit:
            raise beyond(where, limit)
        return value
    return check


def digest(value: Any, where: str) -> str:
    if not DIGEST.fullmatch(text(value, where)):
        raise malformed(where, "is no digest: 64 lower-case hexadecimal digits")
    return value


def time(value: Any, where: str) -> str:
    match = TIME.fullmatch(text(value, where))
    if match is None or len(value) > MAX_TIME_CHARACTERS:
        raise malformed(where, "is no time as in RFC 3339")
    year, month, day, hour, minute, second, *offset = (int(part or 0) for part in match.groups())
    on_calendar = 1 <= month <= 12 and 1 <= day <= days_of_month(year, month)
    if not on_calendar or hour > 23 or minute > 59 or second > 60 or offset[0] > 23 or offset[1] > 59:
        raise malformed(where, "is no time that exists")
    return value


def days_of_month(year: int, month: int) -> int:
    return 29 if month == 2 and calendar.isleap(year) else calendar.mdays[month]


def one_of(*names: str) -> Check:
    def check(value: Any, where: str) -> str:
        if text(value, where) not in names:
            raise malformed(where, f"is none of {', '.join(names)}")
        return value
    return check


def or_null(check: Check) -> Check:
    return lambda value, where: None if value is None else check(value, where)


def array_of(check: Check) -> Check:
    array = of_type(list, "array")
    return lambda value, where: [check(entry, f"{where}[{index}]") for index, entry in enumerate(array(value, where))]


def map_of(members: Dict[str, Check], without: Tuple[str, ...] = ()) -> Check:
    """Exactly these members, but for those `without`, which become null."""
    is_map = of_type(dict, "map")
    present = [name for name in members if name not in without]

    def check(value: Any, where: str) -> Dict[str, Any]:
        is_map(value, where)
        for name in value:
            if name not in present:
                raise malformed(inside(where, name), "is a member that this version does not have")
        for name in present:
            if name not in value:
                raise malformed(inside(where, name), "is missing")
        result: Dict[str, Any] = dict.fromkeys(without)
        for name, member in value.items():  # in the order in which they stand
            result[name] = members[name](member, inside(where, name))
        return result
    return check


def inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def numbers_by_name(value: Any, where: str) -> Dict[str, Any]:
    entries = of_type(dict, "map")(value, where)
    return {name: number(entry, inside(where, name)) for name, entry in entries.items()}


def six_numbers(value: Any, where: str) -> Any:
    numbers = array_of(number)(value, where)
    if len(numbers) != 6:
        raise malformed(where, "is not six numbers")
    return numbers


def recipients(value: Any, where: str) -> Any:
    if len(of_type(list, "array")(value, where)) > MAX_RECIPIENTS:
        raise beyond(where, MAX_RECIPIENTS)
    return array_of(digest)(value, where)


SECTION = map_of({"length": counted(MAX_SECTION_BYTES), "deflate": byte_string})
SAMPLES = map_of({
    "count": counted(MAX_SAMPLES), "transducers": array_of(whole(2**64 - 1)),
    "pen": SECTION, "host": SECTION, "other": SECTION,
})
REPORTS = map_of({"count": counted(MAX_REPORTS), "section": SECTION})


def channel(version: int) -> Check:
    bound = or_null(number)
    return map_of({
        "name": one_of("x", "y", "z", "pressure", "tangentialPressure", "tiltX", "tiltY", "azimuth", "altitude",
                       "twist", "battery", "deviceTime", "hostTime"),
        "unit": text, "logicalMin": bound, "logicalMax": bound, "physicalMin": bound, "physicalMax": bound,
        "unitExponent": bound, "perMm": bound, "derived": boolean,
        "rotation": or_null(one_of("clockwise", "counter-clockwise")),
    }, without=() if version >= 3 else ("rotation",))


def source(version: int) -> Check:
    name = or_null(text)
    return map_of({
        "kind": one_of("hid", "stu-hid", "stu-serial", "isdv4", "topaz", "pointer", "recorded"),
        "instrument": one_of("pen", "touch", "mouse"),
        "device": map_of({"name": text, "vendorId": or_null(integer), "productId": or_null(integer),
                          "serialNumber": name, "firmware": name, "bus": name}),
        "driver": map_of({"name": text, "version": text}),
        "host": text,
        "channels": array_of(channel(version)),
        "deviceClock": or_null(map_of({"tickNs": number, "wrapsAfter": or_null(number)})),
        "limits": array_of(text),
        "descriptor": or_null(byte_string),
        "openedAt": time,
    })


def surface(version: int) -> Check:
    calibration = map_of({"toScreen": six_numbers, "method": one_of("whole-range", "points", "pad"),
                          "measuredAt": or_null(time), "residual": or_null(number)})
    return map_of({
        "width": number, "height": number, "devicePixelRatio": number, "orientation": number,
        "toPage": or_null(six_numbers), "calibration": or_null(calibration),
    }, without=() if version >= 2 else ("calibration",))


SHOWN = map_of({
    "sha256": digest, "language": text, "underInk": one_of("page", "frame", "pad", "nothing"),
    "pages": array_of(map_of({"page": integer, "ms": number})),
    "viewport": or_null(map_of({"width": number, "height": number, "devicePixelRatio": number})),
    "userAgent": or_null(text),
})
ACCEPTANCE = map_of({
    "refusals": array_of(text),
    "exception": or_null(map_of({"reason": one_of("mark", "assisted", "finger"), "by": text})),
})
ASSESSMENT = map_of({
    "software": text, "summary": text,
    "findings": array_of(map_of({"code": text, "severity": one_of("info", "warning"), "message": text,
                                 "values": numbers_by_name})),
})


def context(version: int) -> Check:
    old = version < 3
    return map_of({
        "requestId": text, "tenant": text, "site": text,
        "station": map_of({"id": text, "software": text, "tablet": or_null(text)}, without=("tablet",) if old else ()),
        "configuration": or_null(map_of({"number": integer, "sha256": digest})),
        "demo": boolean,
        "document": map_of({"sha256": digest, "length": integer}),
        "field": map_of({"name": text, "page": integer,
                         "rect": map_of({"x": number, "y": number, "width": number, "height": number})}),
        "shown": or_null(SHOWN),
        "consent": map_of({"sha256": digest, "version": text, "language": text, "agreedAt": time}),
        "chain": map_of({"number": integer, "previousSha256": or_null(digest)}),
        "attempts": integer, "clears": integer,
        "acceptance": or_null(ACCEPTANCE),
        "time": map_of({
            "signedAt": time, "source": text, "synchronised": or_null(boolean),
            "lastSync": or_null(map_of({"at": time, "server": or_null(text)})),
            "steps": or_null(array_of(map_of({"at": time, "ms": number}))), "bootId": or_null(text),
        }, without=("lastSync", "steps") if old else ()),
        "assessment": or_null(ASSESSMENT),
        "recipients": recipients,
    }, without=("configuration", "shown", "acceptance", "assessment") if old else ())


def body(version: int) -> Check:
    """The check of the whole body of a record of this version."""
    return map_of({
        "context": context(version), "source": source(version), "surface": or_null(surface(version)),
        "samples": SAMPLES, "reports": or_null(REPORTS),
        "losses": map_of({"count": integer, "method": one_of("sequence", "device-clock", "interval", "unknown")}),
        "anomalies": numbers_by_name, "complete": boolean,
    })
