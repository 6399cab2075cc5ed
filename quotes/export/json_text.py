"""JSON as bytes that any reader takes and no screen is steered by."""

from __future__ import annotations

import json
import re
from typing import Any

# Control characters, separators that end a line for some readers, characters that turn the direction of writing, and
# surrogates without their half: all may stand in JSON as \uXXXX, and come back as they were.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def to_json(value: Any, *, indent: int | None = None) -> bytes:
    """A value as JSON in UTF-8 without a line feed at its end; strings come back as they were, each code point.

    Raises:
        TypeError, ValueError: the value holds what JSON has no form for, a number that is none among it.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")
