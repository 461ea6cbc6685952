"""Why a call failed: one exception class for each code of docs/errors.md."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar


class Code(enum.IntEnum):
    """Numbers are stable; docs/errors.md says what to do about each."""

    INVALID_ARGUMENT = 1
    INVALID_INPUT = 2
    TOO_LARGE = 3
    UNSUPPORTED = 4
    NOT_FOUND = 5
    CONFLICT = 6
    FORBIDDEN = 7
    UNAUTHENTICATED = 8
    UNAVAILABLE = 9
    BUSY = 10
    STORE_FULL = 11
    STORE_CORRUPT = 12
    IN_DOUBT = 13
    THROTTLED = 14
    STOPPED = 15
    INTERNAL = 16


@dataclass(slots=True)
class Place:
    """Where in an input something stands. Parts that are not known are empty or 0."""

    source: str = ""
    line: int = 0
    column: int = 0
    field: str = ""


class Error(Exception):
    """What all calls of calinvite raise. Its text says where, what was found and what would do."""

    code: ClassVar[Code]

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message, place or Place())

    @property
    def message(self) -> str:
        """One line for a person; never a credential, a token or a body."""
        text: str = self.args[0]
        return text

    @property
    def place(self) -> Place:
        where: Place = self.args[1]
        return where

    @property
    def retryable(self) -> bool:
        """True when the same call may succeed later without any change by the caller."""
        return self.code in (Code.UNAVAILABLE, Code.BUSY, Code.STORE_FULL, Code.THROTTLED)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Error) and type(other) is type(self) and self.args == other.args
        )

    def __hash__(self) -> int:
        return hash((type(self), self.message))

    def __str__(self) -> str:
        where = self.place.source
        if self.place.line:
            where += f":{self.place.line}" if where else f"line {self.place.line}"
        return f"{where}: {self.message}" if where else self.message


class InvalidArgumentError(Error, ValueError):
    """The caller broke a stated rule of the call."""

    code = Code.INVALID_ARGUMENT


class InvalidInputError(Error):
    """Bytes from outside are not what they claim to be."""

    code = Code.INVALID_INPUT


class TooLargeError(Error):
    """Beyond a documented limit."""

    code = Code.TOO_LARGE


class UnsupportedError(Error):
    """Well formed, but outside what calinvite does."""

    code = Code.UNSUPPORTED


class NotFoundError(Error):
    """Nothing of that name in this scope."""

    code = Code.NOT_FOUND


class ConflictError(Error):
    """Contradicts what is stored."""

    code = Code.CONFLICT


class ForbiddenError(Error):
    """Known, and not allowed."""

    code = Code.FORBIDDEN


class UnauthenticatedError(Error):
    """Nobody vouches for the sender, or a token does not verify."""

    code = Code.UNAUTHENTICATED


class UnavailableError(Error):
    """Store or network away: call again later."""

    code = Code.UNAVAILABLE


class BusyError(Error):
    """Another writer holds the store: call again."""

    code = Code.BUSY


class StoreFullError(Error):
    """The disk is full: make room, call again."""

    code = Code.STORE_FULL


class StoreCorruptError(Error):
    """Damaged, or written by a newer version."""

    code = Code.STORE_CORRUPT


class InDoubtError(Error):
    """Nobody knows whether it was sent."""

    code = Code.IN_DOUBT


class ThrottledError(Error):
    """The sending rate or quota is used up for now."""

    code = Code.THROTTLED


class StoppedError(Error):
    """A callback of the caller ended the work."""

    code = Code.STOPPED


class InternalError(Error):
    """A defect of calinvite, please report it."""

    code = Code.INTERNAL


by_code: dict[int, type[Error]] = {each.code: each for each in Error.__subclasses__()}
