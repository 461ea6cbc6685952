"""What is written into mails and read from them, from SES and SNS, and from requests for pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ._errors import Place
from ._values import AwsCredentials, ParsedEvent
from ._words import (
    Method,
    Partstat,
    ReceiptKind,
    ReplyVerdict,
    SesVerdict,
    Severity,
    SnsType,
    TransferEncoding,
)


@dataclass(slots=True)
class Mailbox:
    """A mail address with an optional display name."""

    address: str  # as normalize_address gives it
    name: str = ""  # UTF-8, may be empty


@dataclass(slots=True, kw_only=True)
class MailPart:
    """One decoded leaf of a mail."""

    content_type: str  # lower case, such as text/calendar
    method: str  # `method` parameter of Content-Type; empty when absent
    filename: str  # decoded (RFC 2231, 2047); empty when absent
    content: bytes  # transfer encoding undone; text/* as UTF-8, bad bytes as U+FFFD
    depth: int  # 0: the message itself
    embedded: bool  # inside a message/rfc822 part


@dataclass(slots=True, kw_only=True)
class ReturnedMail:
    """What a report gives back of the mail it is about, as far as it does. The reporter wrote it:
    tokens in it are evidence, nothing else is."""

    message_id: str  # without angle brackets
    from_address: str  # normalised; empty when not exactly one address
    recipients: list[str]  # To and Cc, normalised
    uids: list[str]  # of the calendar in it


@dataclass(slots=True, kw_only=True)
class RecipientStatus:
    """What became of one recipient (RFC 3464 2.3)."""

    recipient: str  # Final-Recipient, normalised where it is an address
    original_recipient: str  # Original-Recipient, likewise; empty when absent
    action: str  # lower case: failed, delayed, delivered, relayed, expanded
    status: str  # such as 5.1.1
    diagnostic: str  # Diagnostic-Code without its type, one line


@dataclass(slots=True, kw_only=True)
class DeliveryReport:
    """A delivery status notification (RFC 3464)."""

    reporting_mta: str  # without its type
    arrival_date: datetime | None  # of the mail it is about
    recipients: list[RecipientStatus]
    original: ReturnedMail


@dataclass(slots=True, kw_only=True)
class FeedbackReport:
    """A complaint in the abuse reporting format (RFC 5965)."""

    type: str  # lower case: abuse, not-spam, …
    original_mail_from: str  # normalised where it is an address
    original_recipients: list[str]  # Original-Rcpt-To, likewise
    arrival_date: datetime | None
    source_ip: str
    original: ReturnedMail


@dataclass(slots=True, kw_only=True)
class ParsedMail:
    """What calinvite needs of an inbound mail."""

    headers: list[tuple[str, str]]  # raw unfolded, as valid UTF-8
    # More than one: nobody is authenticated. An entry without address stands for what is no sound
    # address, and is added to a From that readers may understand differently (groups, comments, or
    # an empty line or an mbox file's envelope line above the headers).
    from_mailboxes: list[Mailbox]
    from_headers: int  # number of From headers; only 1 is sound
    recipients: list[str]  # To, Cc, Delivered-To, X-Original-To, in this order
    subject: str  # decoded
    message_id: str  # without angle brackets
    references: list[str]  # References and In-Reply-To, without brackets
    auto_submitted: bool  # nobody wrote it
    looping: bool  # more than 50 Received headers
    # A report of any kind, no answer: multipart/report, a part of delivery-status, or a null
    # return path or mailer-daemon whose mail holds no calendar but in what it returns.
    delivery_report: bool
    delivery: DeliveryReport | None  # of reports in the form of RFC 3464
    feedback: FeedbackReport | None  # of reports in the form of RFC 5965
    parts: list[MailPart]  # leaves in document order, message/rfc822 included
    calendars: list[MailPart]  # those that hold a calendar, equal ones once
    reply_text: str  # what a person wrote above the mail they answer


@dataclass(slots=True, kw_only=True)
class OutgoingMail:
    """An invitation mail to be written. Every single-line field is checked, never cleaned."""

    from_mailbox: Mailbox
    to: Mailbox
    subject: str
    date: datetime
    message_id: str  # without brackets; SES replaces it
    references: list[str] = field(default_factory=list)  # without brackets
    language: str = ""  # Content-Language; empty: none
    headers: list[tuple[str, str]] = field(default_factory=list)  # further ones, single-line
    text_plain: str = ""
    text_html: str = ""
    plain_encoding: TransferEncoding | None = None  # of text_plain; None: the best
    html_encoding: TransferEncoding | None = None  # of text_html; None: the best
    calendar: str = ""  # empty: alternative of text and HTML only (notices)
    method: Method = Method.REQUEST  # of the calendar


@dataclass(slots=True, kw_only=True)
class ReplyEffect:
    """What a reply does to the copy it answers."""

    verdict: ReplyVerdict
    partstat: Partstat  # in force afterwards
    reason: str  # of history, one line
    flagged: bool  # SEQUENCE missing or above any we sent


@dataclass(slots=True, kw_only=True)
class SesFact:
    """One fact of an SES notification about one recipient, in either of SES's formats."""

    kind: ReceiptKind  # accepted for Send
    address: str  # normalised; empty when SES names none
    message_id: str  # SES MessageId
    attempt_id: str  # tag `attempt_id`; empty when absent
    time: datetime
    detail: str  # such as "Permanent/General smtp; 550 5.1.1 user unknown"
    permanent: bool  # bounced for good: suppress
    feedback_id: str  # for de-duplication


@dataclass(slots=True, kw_only=True)
class InboundNotification:
    """SES's notice that a mail came in: the receipt, which the sender of the mail can't write."""

    message_id: str  # of SES; names the stored object
    source: str  # envelope sender, normalised; empty for the null path
    recipients: list[str]  # of the envelope, normalised: the rule's, Bcc included
    header_message_id: str  # Message-ID of the mail, without brackets
    # From of the mail, an entry for each mailbox; None: the notice does not tell headers.
    header_from: list[str] | None
    time: datetime
    spam: SesVerdict
    virus: SesVerdict
    spf: SesVerdict
    dkim: SesVerdict
    dmarc: SesVerdict
    dmarc_policy: str  # none, quarantine, reject; SES says it on fail only
    action: str  # S3, SNS, Lambda, …
    bucket: str  # of the S3 action
    object_key: str  # of the S3 action
    content: bytes | None  # of the SNS action: the raw mail
    setup: bool  # SES's own test of a new rule: nobody's mail


@dataclass(slots=True, kw_only=True)
class SnsMessage:
    """An envelope as it stands; nothing in it is true before its signature is verified."""

    type: SnsType
    message_id: str
    topic_arn: str
    subject: str | None  # signed only where it is there
    message: str  # of a notification from SES: its JSON
    timestamp: str  # as it stands, which is what is signed
    token: str  # of the confirmations: what ConfirmSubscription wants
    subscribe_url: str  # of the confirmations; never to be fetched
    signature_version: str  # 1: SHA-1, 2: SHA-256
    signature: str  # Base64
    certificate_url: str


@dataclass(slots=True, kw_only=True)
class SnsTrust:
    """Whose messages count. A valid signature only proves that some topic of somebody sent it."""

    topics: list[str] = field(default_factory=list)  # their ARNs, exactly
    accounts: list[str] = field(default_factory=list)  # of 12 digits: all topics of theirs
    # Older messages are replays: SNS tries an endpoint for an hour. 0: any age, as for a queue,
    # where they may lie for days.
    max_age: timedelta = timedelta(minutes=65)


@dataclass(slots=True, kw_only=True)
class LintRule:
    """One thing that lint looks for. A rule may have several, of different severity."""

    rule: str  # such as R3
    severity: Severity  # of its findings
    wants: str  # what a clean message looks like
    why: str  # in one line
    clients: str  # which of them suffer


@dataclass(slots=True, kw_only=True)
class Finding:
    """One breach of a rule."""

    rule: str  # such as R3
    severity: Severity
    # Of a mail: line of the file and header name. Of a decoded part: `source[text/calendar]` or
    # `source[invite.ics]`, with line and column in the decoded text and the property's name.
    place: Place
    what: str  # what was found, one line
    why: str  # as LintRule.why
    clients: str  # as LintRule.clients


@dataclass(slots=True, kw_only=True)
class CalendarLinks:
    """Links that add an event by hand to a calendar on the web. No answer comes of them, and no
    update reaches what they added."""

    google: str
    outlook: str  # Outlook.com
    office365: str  # Microsoft 365
    yahoo: str


@dataclass(slots=True, kw_only=True)
class CopyFields:
    """What one attendee's message differs in."""

    uid: str  # of the copy
    organizer_address: str  # local+token@reply-domain
    address: str
    dtstamp: datetime
    attempt_id: str  # makes Message-ID and boundaries
    name: str = ""
    language: str = ""  # empty: the event's
    partstat: Partstat = Partstat.NEEDS_ACTION
    # link token; empty on CANCEL, for one instance, and where no answers are wanted and no calendar
    # file
    rsvp_token: str = ""
    unsubscribe_token: str = ""  # link token; empty: no List-Unsubscribe
    first: bool = True  # false: the subject says "Updated"
    first_message_id: str = ""  # of the first copy, for References; empty: none


@dataclass(slots=True, kw_only=True)
class WebRequest:
    """A request as the server got it: nothing is decoded yet."""

    method: str  # such as GET
    path: str  # below the domain's base URL, without the query
    query: str = ""  # behind the question mark
    # names in any case; used: Accept-Language, Content-Type, User-Agent
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    # IPv4 or IPv6 address of who asks, as a trusted proxy tells it; empty: not known, and not
    # capped
    remote_address: str = ""


@dataclass(slots=True, kw_only=True)
class WebResponse:
    """What the server is to answer."""

    status: int
    headers: list[tuple[str, str]]  # without Content-Length, Date and Connection, which servers add
    body: bytes  # empty for HEAD


@dataclass(slots=True, kw_only=True)
class Change:
    """What an edit of an event means for the people invited (RFC 5546)."""

    method: Method  # REQUEST or CANCEL
    sequence: int  # of the new revision
    key_change: bool  # time, recurrence or status differs: answers reset
    occurrences: list[datetime | date]  # empty: the whole series


@dataclass(slots=True, kw_only=True)
class Reply:
    """An attendee's answer as it came in, by mail or web."""

    partstat: Partstat
    dtstamp: datetime  # of the reply; web answers: server time
    sequence: int | None = None  # SEQUENCE echoed
    occurrence: datetime | date | None = None  # None: the series
    channel: str = ""  # mail or web
    prodid: str = ""
    comment: str = ""
    proposal: str = ""  # start/end proposed, as an ISO 8601 interval


@dataclass(slots=True, kw_only=True)
class Occurrence:
    """One occurrence of what a calendar text says under one UID."""

    id: datetime | date  # its original start, in the series' zone
    start: datetime  # dates and floating times as if in UTC
    end: datetime  # exclusive
    event: ParsedEvent  # what it shows: the series, or who overrides it
