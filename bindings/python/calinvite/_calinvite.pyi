"""The extension module; its names are those of the package."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import BinaryIO

from ._errors import Error
from ._mail import (
    CalendarLinks,
    Change,
    CopyFields,
    Finding,
    InboundNotification,
    LintRule,
    Occurrence,
    OutgoingMail,
    ParsedMail,
    Reply,
    ReplyEffect,
    SesFact,
    SnsMessage,
    SnsTrust,
    WebRequest,
    WebResponse,
)
from ._records import (
    ApiKey,
    Approval,
    Authentication,
    ButtonCaps,
    Consent,
    DispatchProgress,
    Erasure,
    EventPage,
    Feed,
    FormCheck,
    HeldChange,
    HistoryItem,
    NewApiKey,
    Notice,
    PaceProfile,
    PreflightFinding,
    ReceiptBucket,
    ReceiveResult,
    RegistrationPage,
    Reputation,
    ReputationLimits,
    Resolver,
    SearchHit,
    SendingAccount,
    SharedAttendee,
    SigningKey,
    Suppression,
    SuppressionImport,
    UnsubscribeView,
)
from ._values import (
    AddressRow,
    Attendee,
    AwsCredentials,
    AwsOptions,
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
    BucketSize,
    ButtonPreset,
    DateOrder,
    EventSort,
    InputKind,
    Method,
    OutboxState,
    Partstat,
    ReportFormat,
    SuppressionScope,
    TokenPurpose,
    When,
)

def version() -> str:
    """The version of the library, such as "0.1.0"."""

def features() -> list[str]:
    """What is built in, such as store:sqlite or transport:ses."""

def dependencies() -> dict[str, str]:
    """The libraries that this one was built against, and their versions."""

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

def read_event_list(
    data: bytes | BinaryIO, *, source: str = "", timezone: str = "", date_order: DateOrder = ...
) -> EventList:
    """Reads a CSV of events with our labels, Google Calendar's or Outlook's; a file piece by piece.

    `date_order` says how dates of numbers are meant, where the list alone doesn't tell. `timezone`
    is that of rows that name none; without it they are errors. InvalidInputError, on the
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

# ---- one mail, one calendar, and their rules --------------------------------------------------

def parse_mail(data: bytes | str) -> ParsedMail:
    """Reads a mail; broken MIME as far as it goes.

    InvalidInputError: no header block, or what would harm a parser. TooLargeError: beyond a limit.
    """

def write_mail(mail: OutgoingMail) -> bytes:
    """Writes an invitation mail, or one without a calendar; nothing but `mail` decides the bytes.

    InvalidInputError: a control character in a single-line field, or a bad address. TooLargeError:
    over 40 MB.
    """

def lint_message(data: bytes | str, *, source: str = "") -> list[Finding]:
    """Checks a mail or a calendar text against the interoperability rules of docs/lint.md.

    InvalidInputError: neither of both. TooLargeError: beyond a limit.
    """

def lint_rules() -> list[LintRule]:
    """What lint looks for, in the order of the rules."""

def write_calendar(
    event: Event,
    *,
    uid: str,
    organizer_address: str,
    dtstamp: datetime,
    method: Method = ...,
    sequence: int = 0,
    occurrence: datetime | date | None = None,
    organizer_name: str = "",
    attendee_address: str = "",
    attendee_name: str = "",
    partstat: Partstat = ...,
    description: str | None = None,
    language: str = "",
    conference_label: str = "",
    status_on_uninvite: bool = True,
) -> str:
    """Writes the calendar object of one attendee's copy, whose UID is `uid`.

    `method` is REQUEST unless given. `occurrence`: one changed date instead of the series.
    `description`: the event's unless given. InvalidInputError: a field would break the syntax.
    UnsupportedError: a recurring event in a zone that no calendar can be told.
    """

def check_event(event: Event) -> None:
    """Whether people can be invited to it. InvalidInputError, UnsupportedError: why not."""

def check_rrule(rule: str, start: datetime | date) -> None:
    """Whether every calendar understands a recurrence rule that begins at `start`.

    UnsupportedError: not every one. InvalidInputError: not a rule.
    """

def list_occurrences(
    data: bytes | str,
    *,
    since: datetime,
    until: datetime,
    uid: str | None = None,
    limit: int = 1000,
) -> list[Occurrence]:
    """The occurrences of one UID of a calendar text that end after `since` and start before
    `until`, by start. `uid` may be left out when the text has one only.

    NotFoundError: no event of that UID. UnsupportedError: a rule finer than daily.
    """

def plan_change(before: Event | None, after: Event) -> Change | None:
    """Compares two revisions; None when nothing that a calendar shows differs.

    ConflictError: `after.sequence` is below that of `before`, or the organizer differs.
    InvalidArgumentError: the UIDs differ, or `after` has no organizer.
    """

def apply_reply(event: Event, attendee: Attendee, reply: Reply) -> ReplyEffect:
    """What a reply does to the copy it answers: applied, repeated, or history."""

def calendar_links(event: Event, *, details: str = "") -> CalendarLinks:
    """Links that add an event by hand to a calendar on the web; `details` is what it says."""

def rsvp_link(base_url: str, token: str) -> str: ...
def calendar_file_link(base_url: str, token: str) -> str: ...
def unsubscribe_link(base_url: str, token: str) -> str: ...
def button_link(base_url: str, event: str, token: str) -> str: ...

# ---- composing without a store ----------------------------------------------------------------

class Composer:
    """A revision of an event made ready to be written for any number of attendees.

    Threads may share one; they take turns. The first copy in a language is composed, checked and
    encoded whole; of those after it only what is their own is written.
    """

    def __init__(
        self,
        event: Event,
        *,
        base_url: str,
        method: Method = ...,
        sequence: int | None = None,
        occurrence: datetime | date | None = None,
        organizer_name: str = "",
        before: Event | None = None,
        templates: Mapping[str, str] = ...,
        description_limit: int = 4000,
        cancelled_status_on_uninvite: bool = True,
        check: Callable[[bytes], object] | None = None,
    ) -> None:
        """`sequence`: the event's unless given. `before`: as its holders know it, for what has
        changed. `check` judges the first messages of each kind; what it raises refuses them. It
        must not call the composer.

        InvalidInputError: the event can't be written, or a template does not parse.
        """
    def compose(self, copy: CopyFields) -> bytes:
        """One attendee's message. InvalidInputError: a field would break it."""
    def compose_all(self, copies: Iterable[CopyFields]) -> Iterator[bytes]:
        """The messages of all copies, composed as they are asked for, some ahead.

        A copy that can't be written raises when its turn comes; next() goes on behind it.
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

def mint_uid(*, now: datetime, random: Callable[[int], bytes] | None = None) -> str:
    """A fresh UID of a copy or event. `random`: the system's unless given."""

def mint_address_token(*, random: Callable[[int], bytes] | None = None) -> str:
    """16 characters for the organizer address of one attendee's copies."""

def token_address(
    local_part: str, token: str, reply_domain: str, *, separator: str = "+"
) -> str:
    """local_part+token@reply_domain. InvalidArgumentError: too long, or another separator."""

def address_token(address: str, reply_domain: str) -> str:
    """The token of an address on `reply_domain`; empty when it holds none."""

def normalize_address(address: str) -> str:
    """The one form in which addresses are stored and compared.

    InvalidInputError: not local@domain. UnsupportedError: a local part beyond ASCII, or quoted.
    """

def client_name(prodid: str) -> str:
    """What people call the program that writes this PRODID, such as Outlook."""

# ---- what SES and SNS say ---------------------------------------------------------------------

def parse_notification(data: bytes | str) -> list[SesFact]:
    """Reads a notification of SES: a fact for each recipient, none for what is of no interest.

    Its sender is not verified: authenticate_sns does that. InvalidInputError: not SES's.
    """

def parse_inbound_notification(data: bytes | str) -> InboundNotification:
    """Reads SES's notice that a mail came in. NotFoundError: another notice. InvalidInputError: not
    SES's."""

def authenticate_sns(
    data: bytes | str,
    trust: SnsTrust,
    *,
    now: datetime,
    certificate: Callable[[str], str] | None = None,
) -> SnsMessage:
    """Reads what SNS sent and verifies that a topic of `trust` sent it. `certificate` gives the PEM
    of an address of SNS; it is fetched and kept unless given.

    ForbiddenError: another topic. UnauthenticatedError: signature, certificate or age.
    """

def confirm_sns_subscription(aws: AwsOptions, topic_arn: str, token: str) -> None:
    """Confirms a subscription through SNS's API. InvalidArgumentError: no ARN of a topic."""

# ---- transports -------------------------------------------------------------------------------

class Transport:
    """Takes finished messages and answers for them. For one engine at a time."""

def open_spool_transport(folder: str | os.PathLike[str]) -> Transport:
    """Writes each message as FOLDER/new/ATTEMPT.eml. UnavailableError: it can't be made."""

def open_ses_transport(
    aws: AwsOptions, *, max_connections: int = 32, answer_timeout: timedelta = ...
) -> Transport:
    """Amazon SES, API v2 over TLS. An attempt without an answer in time (60 s) is in doubt.

    InvalidArgumentError: no region or keys, an endpoint that is not http(s).
    """

def open_smtp_transport(
    url: str,
    *,
    password: str = "",
    ca_file: str = "",
    max_connections: int = 8,
    command_timeout: timedelta = ...,
    answer_timeout: timedelta = ...,
) -> Transport:
    """smtp[s]://[user@]host[:port][/helo][?tls=starttls|implicit|none], as docs/smtp.md tells.

    An attempt without an answer in time (600 s) is in doubt. InvalidArgumentError: another URL, or
    one with a password in it; a password in the clear.
    """

def make_callback_transport(send: Callable[[OutgoingMessage], SendOutcome]) -> Transport:
    """Hands each message to a function, which sends it at once.

    When it raises, that message is in doubt, no other is tried, and the dispatch raises it too.
    """

class NotificationQueue:
    """Hands out notifications of SES until they are taken in. For one engine at a time."""

def open_sqs_queue(
    url: str, aws: AwsOptions, *, visibility: timedelta = ..., answer_timeout: timedelta = ...
) -> NotificationQueue:
    """Amazon SQS over TLS. A message that was handed out is not again for `visibility` (60 s).

    InvalidArgumentError: not the URL of a queue, no region or keys.
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
        verifier: Callable[[bytes], Authentication] | None = None,
    ) -> Engine:
        """Opens `sqlite:FILE`, made when absent. The master key is 32 bytes that seal the domains'
        signing keys. `clock` and `random`: the system's unless given. `verifier` checks who sent a
        mail that nobody vouched for.

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
    def update_organizer(self, scope: Scope, organizer: Organizer) -> Organizer:
        """Changes name, bulk right, language and approval. NotFoundError: there is none, or the
        scope is not all of its domain."""
    def suspend_organizer(self, scope: Scope, address: str) -> None: ...
    def set_delegate(
        self, scope: Scope, organizer: str, address: str, *, allowed: bool = True
    ) -> None:
        """Lets a delegate's mail create, change and cancel an organizer's events, or no longer."""
    def set_template(self, scope: Scope, name: str, contents: str) -> None:
        """Replaces a template of the domain's mails, such as invitation.html; empty: ours again.

        InvalidInputError: it does not parse, or lacks what an invitation needs.
        """
    def find_registration(self, token: str) -> RegistrationPage:
        """What the page behind a link of a registration mail shows."""
    def confirm_registration(
        self, token: str, *, on_item: Callable[[IngestItem], object] | None = None
    ) -> Organizer:
        """They are an organizer now, and the oldest 20 of their mails that waited are taken in.

        UnauthenticatedError: not a valid token. ForbiddenError: suspended, or the domain registers
        nobody this way any more.
        """

    # -- keys

    def rotate_key(self, scope: Scope) -> SigningKey:
        """A new key signs links from now on; what older ones signed stays good."""
    def list_keys(self, scope: Scope) -> list[SigningKey]: ...
    def withdraw_key(self, scope: Scope, id: int) -> None:
        """Ends every link that a key signed. ConflictError: it is the one that signs."""
    def add_api_key(self, scope: Scope, label: str, of: Scope) -> NewApiKey:
        """A key by which a program acts in the scope `of`, which lies in `scope`."""
    def list_api_keys(self, scope: Scope) -> list[ApiKey]: ...
    def revoke_api_key(self, scope: Scope, id: str) -> None: ...
    def authenticate_key(self, key: str) -> Scope:
        """What a key opens. UnauthenticatedError: nothing."""

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
        sort: EventSort = ...,
    ) -> Iterator[EventSummary]: ...
    def update_event(self, scope: Scope, event: Event, *, include_declined: bool = False) -> Plan:
        """Stores what is changed in an event as read, and enqueues what its holders are owed.

        ConflictError: changed meanwhile, read it again.
        """
    def preview_update(self, scope: Scope, event: Event, *, include_declined: bool = False) -> Plan:
        """What update_event would enqueue."""
    def cancel_event(self, scope: Scope, uid: str, *, include_declined: bool = False) -> Plan: ...

    # -- changes that wait for a go-ahead, where Domain.approval says so

    def find_held_change(self, scope: Scope, event: str) -> Approval | None: ...
    def list_held_changes(self, scope: Scope) -> Iterator[HeldChange]: ...
    def approve_change(self, scope: Scope, event: str) -> Plan:
        """ConflictError: nothing waits."""
    def drop_held_change(self, scope: Scope, event: str) -> None:
        """ConflictError: nothing waits."""
    def find_approval(self, token: str) -> Approval:
        """By the token of the link that the organizer gets. ConflictError: it waits no more."""
    def approve(self, token: str) -> Plan: ...

    # -- ingest and invites

    def ingest(
        self,
        data: bytes | str | BinaryIO,
        *,
        source: str = "",
        kind: InputKind = ...,
        sent_by: str | None = None,
        domain: str = "",
        timezone: str = "",
        date_order: DateOrder = ...,
        written: datetime | None = None,
        receipt: bytes | str = "",
        envelope_recipients: Sequence[str] = ...,
        on_item: Callable[[IngestItem], object] | None = None,
    ) -> list[IngestItem]:
        """Acts on each item of one input: a mail, a calendar, a CSV of events, an SES notification.
        What is at fault is refused or quarantined, the rest lands; the same again changes nothing.

        `sent_by` is the address that you vouch for; without it an organizer's mail is quarantined,
        unless `receipt` vouches: SES's notification of this mail, from a verified channel.
        `timezone` is that of CSV rows that name none, `written` when a list was last written.
        With `on_item`, which is told of each item when it is durable, the list given is empty: when
        the store or a file fails half way, only `on_item` has learned what landed before.
        NotFoundError: no domain can be told.
        """
    def ingest_notifications(
        self,
        texts: Iterable[bytes | str],
        *,
        on_item: Callable[[IngestItem], object] | None = None,
    ) -> list[Error | None]:
        """Notifications of SES from a channel whose sender is verified, in one durable step.

        Gives for each why it was refused; None: it was taken in.
        """
    def ingest_sns(
        self,
        data: bytes | str,
        trust: SnsTrust,
        *,
        certificate: Callable[[str], str] | None = None,
        confirm: Callable[[SnsMessage], object] | None = None,
        on_item: Callable[[IngestItem], object] | None = None,
    ) -> list[IngestItem]:
        """The body of a request that SNS posted. `certificate` as in authenticate_sns; `confirm`
        confirms a subscription, such as by confirm_sns_subscription; `on_item` as in ingest.

        Answer SNS 200 on success, 403 to ForbiddenError and UnauthenticatedError, 503 to what is
        retryable, 400 to the rest.
        """
    def receive(
        self,
        queue: NotificationQueue,
        *,
        max_messages: int | None = None,
        until_empty: bool = False,
        wait: timedelta = ...,
        together: int = 200,
        most_receives: int = 5,
        trust: SnsTrust | None = None,
        certificate: Callable[[str], str] | None = None,
        confirm: Callable[[SnsMessage], object] | None = None,
        domain: str = "",
        on_item: Callable[[IngestItem], object] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> ReceiveResult:
        """Works off a queue until `stop()` says so, it is empty, or so many came. Other threads'
        calls run while it waits. A message is removed when what it says is durable.

        Without `trust` whoever may write to the queue is believed. What can't be taken in is
        quarantined, in `domain`, when it was handed out `most_receives` times.
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
    def resend(self, scope: Scope, event: str, address: str) -> Plan:
        """Enqueues one attendee's copy again as the event is now; `skip` says why not.

        NotFoundError: not invited. ConflictError: the event is cancelled.
        """
    def resend_in_doubt(self, scope: Scope, event: str) -> Plan:
        """Enqueues the event as it is now for those who have a message of it in doubt."""
    def resend_outdated(self, scope: Scope, event: str) -> Plan:
        """Enqueues the event as it is now for those who hold an older revision of it."""
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

    # -- pages of links; calinvite.respond answers whole requests

    def find_rsvp(self, token: str) -> EventPage:
        """UnauthenticatedError: not a valid token of an RSVP link."""
    def find_button(self, event: str, token: str) -> EventPage:
        """UnauthenticatedError: not a valid token of a button of that event."""
    def find_event_page(self, event: str) -> EventPage:
        """What everybody may see who knows the event's uid."""
    def calendar_file(self, page: EventPage) -> str:
        """The page's event as a file to add to a calendar."""
    def issue_nonce(self, token: str, purpose: TokenPurpose, *, sequence: int = 0) -> str:
        """What a form on the page of a link must bring back; good for 12 hours."""
    def check_nonce(self, token: str, nonce: str) -> FormCheck:
        """UnauthenticatedError: the nonce is not of this link, or too old."""
    def record_visit(
        self, token: str, purpose: TokenPurpose, link: str, *, head: bool = False, agent: str = ""
    ) -> None:
        """Notes that a link of a mail was opened: accepted, tentative, declined or unsubscribe.

        `head`: by HEAD, as no person does. `agent`: User-Agent.
        """
    def press_button(
        self,
        event: str,
        token: str,
        request: InviteRequest,
        *,
        network: str = "",
        caps: ButtonCaps = ...,
    ) -> bool:
        """A person asks for an invitation by an RSVP button. Whether one was enqueued, which a page
        must not tell. ConflictError: the event is over or cancelled."""

    # -- suppression and consent

    def add_suppression(self, scope: Scope, suppression: Suppression) -> bool:
        """Whoever is suppressed is sent nothing more. False when it was there already."""
    def remove_suppression(self, scope: Scope, suppression: Suppression) -> None:
        """Lifts the one of that domain, organizer and address. NotFoundError: there is none.
        ForbiddenError: an organizer asks, and the person or their mailbox is why."""
    def list_suppressions(self, scope: Scope, address: str = "") -> Iterator[Suppression]: ...
    def import_suppressions(
        self,
        scope: Scope,
        data: bytes | str | BinaryIO,
        *,
        source: str = "",
        on_error: Callable[[Error], object] | None = None,
    ) -> SuppressionImport:
        """Reads a list, text or CSV as export_suppressions writes it; bad rows go to `on_error`.

        InvalidInputError: a header without email.
        """
    def export_suppressions(self, scope: Scope) -> str:
        """CSV: email,domain,organizer,reason,time."""
    def list_consents(self, scope: Scope, address: str = "") -> Iterator[Consent]: ...
    def find_unsubscribe(self, token: str) -> UnsubscribeView:
        """What the token of a mail's unsubscribe link is about."""
    def unsubscribe(self, token: str, scope: SuppressionScope) -> None:
        """Ends mail to whom the token names. UnauthenticatedError: not a valid token."""
    def resubscribe(self, token: str, scope: SuppressionScope) -> None:
        """Takes the person's own unsubscribe back. ConflictError: suppressed for another reason."""
    def erase(self, scope: Scope, address: str, *, compact: bool = True) -> Erasure:
        """Forgets a person, as docs/privacy.md tells. Without `compact` call compact() afterwards,
        once for several people.

        ForbiddenError: the scope is an organizer's. ConflictError: they are an organizer
        themselves. BusyError: all is erased, but another reader keeps old pages: call compact().
        """
    def compact(self) -> None:
        """Rewrites the store's files, so that nothing is left of what was deleted."""

    # -- sending

    def dispatch(
        self,
        transport: Transport,
        *,
        max_messages: int | None = None,
        lease: timedelta = ...,
        pace: PaceProfile = ...,
        max_rate: float = 0.0,
        reputation: ReputationLimits = ...,
        wait_while_held: bool = False,
        on_receipt: Callable[[Receipt], object] | None = None,
        on_progress: Callable[[DispatchProgress], object] | None = None,
    ) -> DispatchResult:
        """Hands due invites to the transport, for as long as it takes. Calling again resumes.

        The lease (60 s) is kept alive. `on_receipt` and `on_progress`, which is called now and
        then, end the dispatch when they return False or raise, after what is in flight. `max_rate`
        is a second, of all workers; 0: as the account says. An account that is held ends the
        dispatch unless `wait_while_held`.
        """
    def preflight(
        self, scope: Scope, *, resolver: Resolver | None = None, aws: AwsOptions | None = None
    ) -> list[PreflightFinding]:
        """Checks what a domain's mails depend on outside, as docs/preflight.md tells. `resolver`:
        the system's DNS servers unless given. Without `aws` SES is not asked."""
    def list_accounts(self) -> list[SendingAccount]:
        """Accounts that messages went through, with their limits and why one is held."""
    def resume_account(self, key: str) -> None:
        """Ends an account's hold before its time. NotFoundError: it is not held."""
    def reputation(self, scope: Scope) -> Reputation:
        """A domain's counts of the last 7 days, and whether it is held."""
    def lift_hold(self, scope: Scope) -> None:
        """Ends the hold of a domain. NotFoundError: it is not held."""
    def totals(self, scope: Scope) -> OutboxTotals: ...
    def notice_totals(self, scope: Scope) -> OutboxTotals:
        """As totals, of notices to organizers alone."""
    def list_notices(self, scope: Scope) -> Iterator[Notice]: ...
    def list_outbox(
        self, scope: Scope, state: OutboxState, event: str = ""
    ) -> Iterator[OutboxEntry]: ...

    # -- reports

    def statistics(self, scope: Scope, event: str = "") -> Statistics: ...
    def list_attendees(
        self,
        scope: Scope,
        event: str,
        *,
        status: str = "",
        origin: str = "",
        delivery: str = "",
        outdated: bool = False,
    ) -> Iterator[Attendee]:
        """`status`: accepted, declined, tentative or noaction. What is empty lets all pass.
        `outdated`: those who hold an older revision than the event's."""
    def list_receipts(self, scope: Scope, event: str) -> Iterator[Receipt]: ...
    def list_history(self, scope: Scope, event: str, address: str) -> Iterator[HistoryItem]:
        """All receipts of one attendee, by the time at which they happened."""
    def list_receipt_buckets(
        self, scope: Scope, event: str = "", *, size: BucketSize = ...
    ) -> Iterator[ReceiptBucket]:
        """Receipts over time, by the day unless `size` is given: of an event, or of all in scope."""
    def list_shared_attendees(self, scope: Scope, event: str) -> Iterator[SharedAttendee]:
        """People who answered what an attendee passed on to them."""
    def search(self, scope: Scope, text: str) -> Iterator[SearchHit]:
        """Events and attendees in whom all words of `text` are. TooLargeError: over 256 bytes."""
    def list_changes(self, scope: Scope, after: str = "", *, limit: int = 100) -> Feed:
        """What happened behind `after`, which is empty or the `next` of the part before.

        InvalidArgumentError: not such a cursor, or the system's scope.
        """
    def report(self, scope: Scope, event: str = "", *, format: ReportFormat = ...) -> str:
        """The attendees of an event, or of all events in scope; calinvite.columns makes tables."""
    def mail_report(self, scope: Scope, event: str) -> None:
        """Enqueues a notice with the event's figures to its organizer."""

    # -- quarantine

    def list_quarantine(self, scope: Scope) -> Iterator[Quarantined]: ...
    def get_quarantined(self, scope: Scope, id: int) -> Quarantined: ...
    def release_quarantined(
        self,
        scope: Scope,
        id: int,
        *,
        sent_by: str | None = None,
        timezone: str = "",
        date_order: DateOrder = ...,
        on_item: Callable[[IngestItem], object] | None = None,
    ) -> bool:
        """Takes the raw input in again on your word who sent it. Whether it landed, and is gone.

        ForbiddenError: `sent_by` is not the organizer whose scope this is. UnauthenticatedError:
        nobody was vouched for, and `sent_by` names nobody.
        """
    def drop_quarantined(self, scope: Scope, id: int) -> None: ...

# ---- pages behind links -----------------------------------------------------------------------

def respond(
    engine: Engine,
    request: WebRequest,
    *,
    caps: ButtonCaps = ...,
    max_body_bytes: int = 65536,
    least_form_age: timedelta = ...,
) -> WebResponse:
    """Answers one request for a page behind a link; docs/links.md tells the paths.

    Errors of the store become 503 or 500. A form that comes back sooner than `least_form_age` (2 s)
    was filled in by no person, and is shown again.
    """
