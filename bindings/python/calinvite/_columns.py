"""Lists of values as columns, such as pandas.DataFrame takes them."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import fields
from typing import Any


def columns(kind: type[Any], rows: Iterable[Any]) -> dict[str, list[Any]]:
    """One list for each field of the dataclass `kind`, of all `rows`, which are of that kind.

    Words are the values of their enums, such as "ACCEPTED"; all else is as it stands. Without rows
    the columns are there all the same.
    """
    names = [each.name for each in fields(kind)]
    table: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows:
        for name in names:
            value = getattr(row, name)
            table[name].append(value.value if isinstance(value, enum.Enum) else value)
    return table
