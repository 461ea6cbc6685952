"""The extension module; its names are those of the package."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from types import TracebackType
from typing import BinaryIO

from ._errors import Error
from ._values import (
    AddressRow,
    Attendee,
    AwsCredentials,
    AwsRequest,
    DispatchResult,
    Domain,
    Event,
    EventRow,
    EventSummary,
    IngestItem,
    InviteRequest,
    LinkToken,
    Organizer,
    OutboxEntry,
    OutboxTotals,
    OutgoingMessage,
    ParsedCalendar,
    Plan,
    Quarantined,
    Receipt,
    Scope,
    SendOutcome,
    SigningScope,
    Statistics,
    TokenKey,
)
from ._words import (
    ButtonPreset,
    InputKind,
    OutboxState,
    Partstat,
    ReportFormat,
    TokenPurpose,
    When,
)

def version() -> str:
    """The version of the library, such as "0.1.0"."""

# ---- calendars and lists ----------------------------------------------------------------------

def parse_calendar(data: bytes | str, *, source: str = "") -> ParsedCalendar:
    """Reads iCalendar text (RFC 5545). `source` names the input in errors.

    InvalidInputError: not iCalendar at all. TooLargeError: beyond a limit of size, depth or count.
    """

class EventList:
    """Rows of an events list, to be iterated once. Bad ones go to `errors`; the rest is read."""

    @property
    def errors(self) -> list[Error]: ...
    def __iter__(self) -> Iterator[EventRow]: ...
    def __next__(self) -> EventRow: ...

def read_event_list(data: bytes | BinaryIO, *, source: str = "", timezone: str = "") -> EventList:
    """Reads a CSV of events with our labels, Google Calendar's or Outlook's; a file piece by piece.

    `timezone` is that of rows that name none; without it they are errors. InvalidInputError, on the
    first row: the header lacks a needed column.
    """

class AddressList:
    """Rows of an address list, to be iterated once. Bad ones stand in `errors`."""

    @property
    def errors(self) -> list[Error]: ...
    def __iter__(self) -> Iterator[AddressRow]: ...
    def __next__(self) -> AddressRow: ...

def read_address_list(data: bytes | str, *, source: str = "") -> AddressList:
    """Reads addresses, one a line, or a CSV with an `email` column.

    InvalidInputError: a CSV header without `email`.
    """

# ---- signing ----------------------------------------------------------------------------------

class AwsSigner:
    """Signs by AWS Signature Version 4 and keeps the day's key."""

    def __init__(self, credentials: AwsCredentials) -> None: ...
    def sign(self, request: AwsRequest, scope: SigningScope) -> AwsRequest:
        """The request with X-Amz-Date, Authorization and what else it needs.

        InvalidArgumentError: no Host header, or one that signing adds.
        """

class KeyRing:
    """Signing keys of a domain: the newest signs, all verify."""

    def __init__(self, oldest_first: Iterable[TokenKey] = ()) -> None: ...
    def add(self, key: TokenKey) -> None:
        """Adds a key, from now on the newest."""

def mint_link_token(token: LinkToken, ring: KeyRing) -> str:
    """Makes a token of 54 base64url characters. InvalidArgumentError: the ring is empty."""

def verify_link_token(
    text: str, purpose: TokenPurpose, ring: KeyRing, *, now: datetime
) -> LinkToken:
    """What a token says that was made for this purpose and has not expired.

    UnauthenticatedError: any other text; why is not told.
    """

# ---- transports -------------------------------------------------------------------------------

class Transport:
    """Takes finished messages and answers for them. For one engine at a time."""

def open_spool_transport(folder: str | os.PathLike[str]) -> Transport:
    """Writes each message as FOLDER/new/ATTEMPT.eml. UnavailableError: it can't be made."""

def open_ses_transport(
    *,
    region: str,
    credentials: AwsCredentials,
    endpoint: str = "",
    ca_file: str = "",
    max_connections: int = 32,
    answer_timeout: timedelta = ...,
) -> Transport:
    """Amazon SES, API v2 over TLS. An attempt without an answer in time (60 s) is in doubt.

    InvalidArgumentError: no region or keys, an endpoint that is not http(s).
    """

def make_callback_transport(send: Callable[[OutgoingMessage], SendOutcome]) -> Transport:
    """Hands each message to a function, which sends it at once.

    When it raises, that message is in doubt, no other is tried, and the dispatch raises it too.
    """

# ---- the engine -------------------------------------------------------------------------------

class Engine:
    """One store, and every flow over it. A context manager.

    Threads may share an engine; one call runs at a time, without the GIL. Callbacks run on the
    calling thread and must not call the same engine. What a callback raises comes out of the call,
    which has taken effect then; where `clock` or `random` raised, the system's stood in.
    A scope that does not cover an event makes it not found. Any call may raise BusyError,
    StoreFullError, StoreCorruptError or UnavailableError.
    """

    @staticmethod
    def open(
        *,
        store: str,
        master_key: bytes,
        clock: Callable[[], datetime] | None = None,
        random: Callable[[int], bytes] | None = None,
        zoneinfo: str | os.PathLike[str] = ...,
    ) -> Engine:
        """Opens `sqlite:FILE`, made when absent. The master key is 32 bytes that seal the domains'
        signing keys. `clock` and `random`: the system's unless given.

        UnsupportedError: a kind of store that is not built in.
        """
    def close(self) -> None:
        """Waits for running calls; later ones are refused."""
    def __enter__(self) -> Engine: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    # -- domains and organizers

    def add_domain(self, domain: Domain) -> Domain:
        """ConflictError: its name or reply domain is taken."""
    def update_domain(self, domain: Domain) -> Domain:
        """Changes the settings of the domain of that name. Organizers keep their `local_part`.

        NotFoundError: there is none. ConflictError: another reply domain or separator.
        """
    def list_domains(self) -> list[Domain]: ...
    def add_organizer(self, organizer: Organizer) -> Organizer:
        """ConflictError: already registered."""
    def list_organizers(self, scope: Scope) -> list[Organizer]: ...
    def suspend_organizer(self, scope: Scope, address: str) -> None: ...

    # -- events

    def create_event(self, scope: Scope, event: Event) -> Event:
        """Stores an event of a registered organizer and gives it its uid.

        InvalidInputError, UnsupportedError: nobody can be invited to it. ConflictError: the
        source_uid is taken.
        """
    def get_event(self, scope: Scope, uid: str) -> Event: ...
    def list_events(
        self,
        scope: Scope,
        *,
        when: When = ...,
        changed_within: timedelta | None = None,
        search: str = "",
        organizer: str = "",
    ) -> Iterator[EventSummary]: ...
    def update_event(self, scope: Scope, event: Event, *, include_declined: bool = False) -> Plan:
        """Stores what is changed in an event as read, and enqueues what its holders are owed.

        ConflictError: changed meanwhile, read it again.
        """
    def preview_update(self, scope: Scope, event: Event, *, include_declined: bool = False) -> Plan:
        """What update_event would enqueue."""
    def cancel_event(self, scope: Scope, uid: str, *, include_declined: bool = False) -> Plan: ...

    # -- ingest and invites

    def ingest(
        self,
        data: bytes | str,
        *,
        source: str = "",
        kind: InputKind = ...,
        sent_by: str | None = None,
        domain: str = "",
        timezone: str = "",
    ) -> list[IngestItem]:
        """Acts on each item of one input: a mail, a calendar, a CSV of events, an SES notification.
        What is at fault is refused or quarantined, the rest lands; the same again changes nothing.

        `sent_by` is the address that you vouch for; without it an organizer's mail is quarantined.
        `timezone` is that of CSV rows that name none. NotFoundError: no domain can be told.
        """
    def plan_invites(
        self,
        scope: Scope,
        event: str,
        requests: Iterable[InviteRequest | str],
        *,
        origin: str = "api",
    ) -> Plan:
        """Counts what invite would do."""
    def invite(
        self,
        scope: Scope,
        event: str,
        requests: Iterable[InviteRequest | str],
        *,
        origin: str = "api",
    ) -> Plan:
        """Adds attendees and enqueues their copies, in one step. A text is `address` or
        `Name <address>`."""
    def uninvite(self, scope: Scope, event: str, address: str) -> Plan: ...
    def preview(self, scope: Scope, event: str, address: str) -> OutgoingMessage:
        """The message that an attendee would be sent now, with tokens that answer for them; for
        somebody not invited the first copy they would get, whose links lead nowhere. Stores
        nothing. ConflictError: nothing would be sent, as the event is cancelled and they were
        never sent an invitation, or they are not invited and it is over."""
    def rsvp(
        self, token: str, answer: Partstat, *, comment: str = "", sequence: int | None = None
    ) -> IngestItem:
        """`sequence`: of the event that they were shown; None: as it is now.

        UnauthenticatedError: not a valid token. ConflictError: nothing can be answered any more, or
        the time has changed since that sequence.
        """
    def rsvp_token(self, scope: Scope, event: str, address: str) -> str:
        """The token that an attendee's RSVP links carry."""
    def button(self, scope: Scope, event: str, preset: ButtonPreset, *, landing: str = "") -> str:
        """HTML of an RSVP button with the vendor's merge tags."""
    # -- sending

    def dispatch(
        self,
        transport: Transport,
        *,
        max_messages: int | None = None,
        lease: timedelta = ...,
        on_receipt: Callable[[Receipt], object] | None = None,
    ) -> DispatchResult:
        """Hands due invites to the transport, for as long as it takes. Calling again resumes.

        The lease (60 s) is kept alive. `on_receipt` ends the dispatch when it returns False or
        raises, after what is in flight.
        """
    def totals(self, scope: Scope) -> OutboxTotals: ...
    def list_outbox(
        self, scope: Scope, state: OutboxState, event: str = ""
    ) -> Iterator[OutboxEntry]: ...

    # -- reports

    def statistics(self, scope: Scope, event: str = "") -> Statistics: ...
    def list_attendees(self, scope: Scope, event: str) -> Iterator[Attendee]: ...
    def list_receipts(self, scope: Scope, event: str) -> Iterator[Receipt]: ...
    def report(self, scope: Scope, event: str = "", *, format: ReportFormat = ...) -> str:
        """The attendees of an event, or of all events in scope."""
    # -- quarantine

    def list_quarantine(self, scope: Scope) -> Iterator[Quarantined]: ...
    def get_quarantined(self, scope: Scope, id: int) -> Quarantined: ...
    def drop_quarantined(self, scope: Scope, id: int) -> None: ...
