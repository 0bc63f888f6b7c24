"""The reader's one error, and the limits of biometrics/FORMAT.md, section 6.

Every other file of this reader comes after this one.
"""

MAX_RECORD_BYTES = 67_108_864
MAX_CBOR_ITEMS = 65_536
MAX_NESTING = 8
MAX_TEXT_UNITS = 65_536
MAX_ENTRIES = 4_096
MAX_SAMPLES = 600_000
MAX_REPORTS = 600_000
MAX_REPORT_BYTES = 4_096
MAX_SECTION_BYTES = 67_108_864
MAX_RECIPIENTS = 32

MAX_WHOLE = 2**53 - 1
"""The largest whole number that a float64 holds without doubt."""


class RecordError(Exception):
    """What is wrong with a record, and where.

    code: RECORD_MALFORMED, RECORD_VERSION or RECORD_LIMIT. where: a member ("context.time.signedAt") or a byte.
    """

    def __init__(self, code: str, where: str, message: str) -> None:
        super().__init__(f"{code}: {where}: {message}")
        self.code = code
        self.where = where
        self.message = message


def malformed(where: str, message: str) -> RecordError:
    return RecordError("RECORD_MALFORMED", where, message)


def beyond(where: str, limit: int) -> RecordError:
    return RecordError("RECORD_LIMIT", where, f"more than {limit}")
