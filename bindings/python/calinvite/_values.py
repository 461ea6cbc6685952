"""The nouns of calinvite as dataclasses.

Instants are aware datetimes. The times of an event are aware datetimes in its zone, a
zoneinfo.ZoneInfo, or dates when it lasts whole days. Texts that are not known are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from os import PathLike
from typing import TypedDict

from ._errors import Code, Error, InvalidArgumentError, Place
from ._words import (
    EventCommand,
    EventStatus,
    IngestOutcome,
    Method,
    OrganizerState,
    OutboxState,
    Partstat,
    ReceiptKind,
    Registration,
    SendVerdict,
    SharedPolicy,
    TokenPurpose,
)

# ---- tenants ----------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Domain:
    """A tenant."""

    name: str
    from_address: str  # default sender, lies on reply_domain
    reply_domain: str  # DNS name whose mail comes back to us
    base_url: str  # origin of links
    super_user: str = ""  # address that sees all of the domain
    configuration_set: str = ""  # of SES
    separator: str = "+"  # or "-", between local part and token of sender addresses
    description_limit: int = 4000  # characters of a description that are mailed
    cancelled_status_on_uninvite: bool = True  # STATUS:CANCELLED tells one person who is uninvited
    registration: Registration = Registration.CONFIRM
    event_limit: int = 0  # most events of one organizer that are to come; 0: any number
    invite_limit: int = 2500  # of new events
    shared_attendees: SharedPolicy = SharedPolicy.HOLD
    approval: bool = False  # mailed and listed changes of known events wait for a go-ahead
    landings: list[str] = field(default_factory=list)  # pages that readers may be sent on to


@dataclass(slots=True, kw_only=True)
class Organizer:
    """A person or system that owns events, known by mail address within a domain."""

    address: str
    domain: str = ""  # may stay empty while there is one
    name: str = ""  # display name of the sender identity
    local_part: str = ""  # of the sender identity; empty: that of the domain's sender
    state: OrganizerState = OrganizerState.REGISTERED
    bulk: bool = False  # may mail event lists
    language: str = ""  # BCP 47, of notices; empty: the event's
    approval: bool | None = None  # as Domain.approval, which holds where it is None


@dataclass(slots=True, frozen=True)
class Scope:
    """On whose behalf a call reads or writes; it sees nothing outside."""

    domain_name: str = ""
    organizer_address: str = ""

    @staticmethod
    def domain(name: str) -> Scope:
        """All of one domain."""
        return Scope(_needed(name, "name"))

    @staticmethod
    def organizer(domain: str, address: str) -> Scope:
        """One organizer's events within a domain."""
        return Scope(_needed(domain, "domain"), _needed(address, "address"))

    @staticmethod
    def system() -> Scope:
        """Every domain of the store."""
        return Scope()


def _needed(text: str, name: str) -> str:
    """An empty one would mean everything."""
    if not text:
        raise InvalidArgumentError(
            f"{name} is empty; Scope.system() is every domain", Place(field=name)
        )
    return text


# ---- events -----------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Override:
    """One changed or cancelled instance of a series."""

    occurrence: datetime | date  # its original start
    cancelled: bool = False  # then the rest says nothing
    start: datetime | date | None = None
    end: datetime | date | None = None
    summary: str = ""
    description: str = ""
    location: str = ""
    conference: str | None = None  # link to join by; "": none, None: the series'
    source_sequence: int = 0  # of the source last applied to this date; with no stamp: the series'
    source_dtstamp: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Event:
    """One series. `start` decides: a date makes the event all-day, else it names the zone."""

    summary: str
    start: datetime | date
    end: datetime | date  # exclusive; the day after the last when all-day
    organizer: str = ""  # the owner's address; empty in what was parsed
    uid: str = ""  # ours, assigned at create
    source_uid: str = ""  # the client's UID or row key
    source_organizer: str = ""  # ORGANIZER first seen in the source
    description: str = ""
    location: str = ""
    conference: str = ""  # https link to join by
    url: str = ""
    landing: str = ""  # page after an RSVP button
    language: str = ""  # BCP 47
    rrule: str = ""  # value of RRULE; empty: one instance
    exdates: list[datetime | date] = field(default_factory=list)  # ascending
    overrides: list[Override] = field(default_factory=list)  # ascending by occurrence
    status: EventStatus = EventStatus.CONFIRMED
    reminder: timedelta | None = None  # before the start, in whole minutes
    transparent: bool = False  # shows as free
    wants_answers: bool = True
    counters_allowed: bool = True  # calendars offer to propose another time
    sequence: int = 0  # of our revision
    key_sequence: int = 0  # of the last change of start, end, recurrence or status
    source_sequence: int = 0  # of the source last applied
    source_dtstamp: datetime | None = None  # of the source last applied
    listed: bool = False  # shown on upcoming-events pages
    invite_limit: int = 2500  # most attendees; 0: none; as it stands here: the domain's
    created: datetime | None = None
    changed: datetime | None = None

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    @property
    def timezone(self) -> str:
        """IANA name, or "UTC"; empty when all-day."""
        if not isinstance(self.start, datetime):
            return ""
        return str(getattr(self.start.tzinfo, "key", self.start.tzinfo))


@dataclass(slots=True, kw_only=True)
class EventSummary:
    """A row of an event list."""

    event: Event
    attendees: int  # not uninvited, not suppressed


# ---- what was read ----------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Diagnostic:
    """A flaw in an input that was tolerated."""

    message: str
    place: Place


@dataclass(slots=True, kw_only=True)
class ParsedAttendee:
    """ATTENDEE as read."""

    address: str  # empty when the value is no mail address
    name: str
    partstat: Partstat
    partstat_raw: str  # as written
    sent_by: str
    role: str
    type: str  # CUTYPE
    delegated_to: list[str]
    delegated_from: list[str]


@dataclass(slots=True, kw_only=True)
class ParsedDate:
    """RDATE as read, in the event's own zone."""

    start: datetime | date
    end: datetime | date | None  # of a period


@dataclass(slots=True, kw_only=True)
class ParsedConference:
    """CONFERENCE as read (RFC 7986)."""

    uri: str
    label: str
    features: list[str]


@dataclass(slots=True, kw_only=True)
class ParsedEvent:
    """One VEVENT as read. Its event has neither uid nor organizer: who owns it is not decided."""

    event: Event
    occurrence: datetime | date | None  # RECURRENCE-ID in the event's own zone
    recurrence_instant: datetime | None  # the same as an instant
    has_sequence: bool
    has_start: bool  # replies may lack DTSTART; event.start then says nothing
    organizer_name: str
    attendees: list[ParsedAttendee]
    comment: str
    floating: bool  # a wall time of no zone: the tzinfo of event.start then means nothing
    this_and_future: bool  # RECURRENCE-ID has RANGE=THISANDFUTURE
    rdates: list[ParsedDate]  # DTSTART said again is left out
    description_html: str  # as it came: not to be trusted
    categories: list[str]
    color: str
    conferences: list[ParsedConference]
    images: list[str]
    timezone_raw: str  # TZID as written
    remark: str  # why people may see another time than they think; empty: they don't
    line: int  # of its BEGIN:VEVENT


@dataclass(slots=True, kw_only=True)
class ParsedCalendar:
    """A calendar object, or a stream of several read as one list."""

    method: Method | None
    prodid: str
    events: list[ParsedEvent]  # changed instances are entries with an `occurrence`
    refused: list[Error]  # events that could not be read
    diagnostics: list[Diagnostic]


@dataclass(slots=True, kw_only=True)
class EventRow:
    """One row of an events list."""

    command: EventCommand
    event: Event  # neither uid nor organizer
    absent: list[str]  # fields that the list has no column for, so unchanged
    line: int


@dataclass(slots=True, kw_only=True)
class ConsentGiven:
    """What somebody agreed to, as the organizer says."""

    source: str  # where, such as a form's name or URL; one line
    time: datetime | None = None  # when; None: not known, the time of recording
    text: str = ""  # what they read and agreed to; may be empty


@dataclass(slots=True)
class InviteRequest:
    """Someone to be invited."""

    address: str
    name: str = ""
    language: str = ""  # BCP 47; empty: the event's
    consent: ConsentGiven | None = None


@dataclass(slots=True, kw_only=True)
class AddressRow:
    """One line of an address list."""

    request: InviteRequest
    event: str  # of the `uid` column; empty when absent
    line: int


@dataclass(slots=True, kw_only=True)
class IngestItem:
    """What was made of one item of an input: an event, a row, a reply, a fact."""

    source: str
    item: str  # part, row or UID within the source
    outcome: IngestOutcome
    event: str  # our uid; empty when none is concerned
    reason: str  # why, for quarantined and refused; else a remark
    place: Place
    code: Code | None  # of what was refused or quarantined
    told: int  # attendees who are owed a message for it


@dataclass(slots=True, kw_only=True)
class Quarantined:
    """Raw input that was not acted on."""

    id: int
    source: str
    sender: str
    reason: str
    raw: bytes  # empty in lists
    time: datetime
    envelope_recipients: list[str]  # of a mail, as far as known; empty in lists


# ---- attendees and the outbox -----------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Plan:
    """What inviting or changing costs, or cost: copies by what happens to them."""

    event: str
    invite: int
    update: int
    cancel: int
    skip: dict[str, int]  # reason -> count


@dataclass(slots=True, kw_only=True)
class Attendee:
    """One person invited to one event."""

    event: str
    address: str
    name: str = ""
    language: str = ""
    origin: str = ""
    id: bytes = bytes(16)  # what RSVP and unsubscribe tokens name
    uid: str = ""  # of their copy
    partstat: Partstat = Partstat.NEEDS_ACTION
    answer_sequence: int = -1  # -1: no answer
    answer_dtstamp: datetime | None = None
    channel: str = ""  # mail or web, of the answer
    prodid: str = ""  # of the client that answered
    comment: str = ""
    proposal: str = ""  # start/end the attendee proposes, as an ISO 8601 interval
    held_sequence: int = -1  # revision last accepted by the transport; -1: none
    uninvited: bool = False
    delivery: str = ""  # what the receipts add up to


@dataclass(slots=True, kw_only=True)
class Receipt:
    """One appended fact about an attendee's copy."""

    kind: ReceiptKind
    time: datetime
    event: str
    address: str
    sequence: int  # revision concerned; -1: not known
    method: Method
    attempt_id: str
    message_id: str  # of SES
    detail: str
    channel: str  # of a reply: mail or web
    prodid: str  # of a reply
    comment: str  # of a reply
    proposal: str  # of a reply: start/end proposed, as an ISO 8601 interval


@dataclass(slots=True, kw_only=True)
class OutboxEntry:
    """What one attendee is owed."""

    event: str
    address: str
    method: Method
    sequence: int
    state: OutboxState
    attempt_id: str
    reason: str
    changed: datetime


@dataclass(slots=True, kw_only=True)
class OutboxTotals:
    """`planned` is the sum of the rest."""

    planned: int
    accepted: int
    refused: int
    suppressed: int
    superseded: int
    expired: int
    in_doubt: int
    pending: int
    claimed: int
    held: int
    notices: int  # mails to organizers, which the other counts leave out


@dataclass(slots=True, kw_only=True)
class DispatchResult:
    """How a dispatch ended. Counts are of this run, totals of the whole outbox."""

    totals: OutboxTotals
    accepted: int
    refused: int
    in_doubt: int
    held: int
    notices: int  # accepted; in none of the counts above
    stopped: bool  # by the callback
    reason: str  # why entries were held last; empty: none were
    hold: str  # why the account takes nothing, such as "quota: ..."; empty: it does
    hold_until: datetime  # of `hold`: from then on a dispatch tries again
    # When another dispatch finds something to do; None: when something is enqueued, or a person
    # lifts a hold.
    next_due: datetime | None


class Statistics(TypedDict):
    """Counts of a scope; docs of the program show the same shape as JSON."""

    attendees: int
    origin: dict[str, int]
    prodid: dict[str, int]
    rsvp: dict[str, int]
    delivery: dict[str, int]


# ---- transports -------------------------------------------------------------------------------


@dataclass(slots=True)
class MessageTag:
    """Name and value of an SES message tag: letters, digits, - and _, at most 256 each."""

    name: str
    value: str


@dataclass(slots=True, kw_only=True)
class OutgoingMessage:
    """One message for one recipient, whose intent is already durable."""

    attempt_id: str  # unique for ever
    from_address: str
    to: str
    bytes: bytes  # RFC 5322
    configuration_set: str = ""  # of SES
    tags: list[MessageTag] = field(default_factory=list)  # of SES


@dataclass(slots=True)
class SendOutcome:
    """What became of one attempt."""

    verdict: SendVerdict
    message_id: str = ""  # of accepted
    detail: str = ""  # one line: the peer's words or what went wrong


# ---- AWS and tokens ---------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class AwsCredentials:
    """Keys that sign; only the first is ever printed."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


@dataclass(slots=True, kw_only=True)
class TimedCredentials:
    """Keys, and until when AWS takes them."""

    credentials: AwsCredentials
    expires: datetime | None = None  # None: until AWS refuses them


@dataclass(slots=True, kw_only=True)
class AwsOptions:
    """How AWS is reached, and with whose keys: some that stay, or a function that is called for
    new ones before they expire, or what every AWS program finds in `environment`, such as
    os.environ, and in the shared files below `home`. What is given here goes before that."""

    region: str = ""  # such as eu-central-1
    credentials: AwsCredentials | Callable[[], AwsCredentials | TimedCredentials] | None = None
    environment: Mapping[str, str] | None = field(default=None, repr=False)
    home: str | PathLike[str] = ""  # holds .aws/config and .aws/credentials
    endpoint: str = ""  # empty: the service's own address in the region
    fips: bool = False  # the address with validated cryptography
    dual_stack: bool = False  # the address with IPv6
    ca_file: str = ""  # PEM bundle; empty: the system's
    clock: Callable[[], datetime] | None = None  # signs by it; None: the system's


@dataclass(slots=True, kw_only=True)
class AwsRequest:
    """A request as it will go on the wire."""

    method: str = "POST"
    path: str = "/"  # percent-encoded
    query: str = ""  # without '?'
    headers: list[tuple[str, str]] = field(default_factory=list)  # Host among them
    body: bytes = b""


@dataclass(slots=True, kw_only=True)
class SigningScope:
    """How a request is signed."""

    region: str
    time: datetime  # corrected for clock skew
    service: str = "ses"
    normalize_path: bool = True  # false for S3
    double_encode_path: bool = True  # false for S3
    sign_body_header: bool = False  # adds x-amz-content-sha256 (S3)


@dataclass(slots=True)
class LinkToken:
    """What a link token says."""

    purpose: TokenPurpose
    row: bytes  # 16 bytes: an attendee's id, or a button's
    expires: datetime  # the first second at which it is no longer valid; before 2106


@dataclass(slots=True)
class TokenKey:
    """One signing key of a domain's ring."""

    id: int  # unique in its ring, up to 65535
    secret: bytes = field(repr=False)  # 32 bytes
