"""The words of calinvite: one enum each, with the values that documents and reports use."""

from __future__ import annotations

import enum


class Method(enum.Enum):
    """What a calendar message asks for (RFC 5546 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    REPLY = "REPLY"
    ADD = "ADD"
    CANCEL = "CANCEL"
    REFRESH = "REFRESH"
    COUNTER = "COUNTER"
    DECLINE_COUNTER = "DECLINECOUNTER"


class Partstat(enum.Enum):
    """An attendee's answer (RFC 5545 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


class EventStatus(enum.Enum):
    """STATUS of an event (RFC 5545 3.8.1.11)."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class OrganizerState(enum.Enum):
    REGISTERED = "registered"
    SUSPENDED = "suspended"


class Registration(enum.Enum):
    """What becomes of an invitation mailed by somebody vouched for who is no organizer."""

    CLOSED = "closed"
    CONFIRM = "confirm"
    OPEN = "open"


class SharedPolicy(enum.Enum):
    """What becomes of somebody not invited who answers what an attendee passed on to them."""

    HOLD = "hold"
    ACCEPT = "accept"
    REFUSE = "refuse"


class EventCommand(enum.Enum):
    """What a row of an events list wants."""

    CREATE = "create"
    UPDATE = "update"
    CANCEL = "cancel"


class When(enum.Enum):
    """Which events to list, by their end."""

    ALL = "all"
    FUTURE = "future"
    PAST = "past"


class InputKind(enum.Enum):
    """What an input is; DETECT goes by content."""

    DETECT = "detect"
    MAIL = "mail"
    CALENDAR = "calendar"
    EVENT_LIST = "event list"
    NOTIFICATION = "notification"


class IngestOutcome(enum.Enum):
    """What was made of one item of an input."""

    CREATED = "created"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    REPLIED = "replied"
    RECORDED = "recorded"
    ALREADY_SEEN = "already seen"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    HELD = "held"


class OutboxState(enum.Enum):
    """What one attendee is owed, from planning to its outcome."""

    PENDING = "pending"
    CLAIMED = "claimed"
    HELD = "held"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    SUPERSEDED = "superseded"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"


class ReceiptKind(enum.Enum):
    """The kinds of receipt."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    EXPIRED = "expired"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    REJECTED = "rejected"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    SUPERSEDED = "superseded"
    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"


class SendVerdict(enum.Enum):
    """What became of one attempt to hand over a message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    THROTTLED = "throttled"
    QUOTA = "quota"
    PAUSED = "paused"
    CREDENTIALS = "credentials"
    SKEW = "skew"
    UNAVAILABLE = "unavailable"
    IN_DOUBT = "in_doubt"
    SUSPENDED = "suspended"
    DEFERRED = "deferred"


class TokenPurpose(enum.Enum):
    """What a link token may be used for; part of what is signed."""

    RSVP = 1
    UNSUBSCRIBE = 2
    BUTTON = 3
    APPROVAL = 4
    FORM = 5
    REGISTRATION = 6


class ButtonPreset(enum.Enum):
    """Whose merge tags a button carries."""

    MAILCHIMP = "mailchimp"
    KLAVIYO = "klaviyo"
    SENDGRID = "sendgrid"
    HUBSPOT = "hubspot"
    CONVERTKIT = "convertkit"
    ZOHO = "zoho"
    WIX = "wix"
    GENERIC = "generic"


class ReportFormat(enum.Enum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class DateOrder(enum.Enum):
    """In which order the numbers of a date stand in an events list."""

    USUAL = "usual"
    MDY = "mdy"
    DMY = "dmy"


class EventSort(enum.Enum):
    """By start, owner, or the newest first."""

    START = "start"
    ORGANIZER = "organizer"
    CREATED = "created"
    CHANGED = "changed"


class NoticeKind(enum.Enum):
    """What a notice to an organizer is about."""

    CREATED = "created"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    IMPORTED = "imported"
    LIMIT = "limit"
    APPROVAL = "approval"
    REGISTRATION = "registration"
    REPORT = "report"


class Evidence(enum.Enum):
    """How far a receipt is to be believed."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    AUTOMATED = "automated"


class BucketSize(enum.Enum):
    HOUR = "hour"
    DAY = "day"


class SuppressionScope(enum.Enum):
    """What a person unsubscribes from."""

    ORGANIZER = "organizer"
    DOMAIN = "domain"


class AccountHold(enum.Enum):
    """Why nothing of an account is sent."""

    NONE = "none"
    QUOTA = "quota"
    SUSPENDED = "suspended"


class PageState(enum.Enum):
    """Whether the page behind a link still takes something."""

    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class PreflightSeverity(enum.Enum):
    """How a check before sending came out; UNKNOWN: DNS or SES could not be asked."""

    OK = "ok"
    HINT = "hint"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


class Severity(enum.Enum):
    """How bad a finding of lint is."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class ReplyVerdict(enum.Enum):
    """What becomes of a reply: in force, the same again, or kept as history."""

    APPLIED = "applied"
    REPEATED = "repeated"
    HISTORY = "history"


class TransferEncoding(enum.Enum):
    """How a text part travels (RFC 2045 6)."""

    SEVEN_BIT = "7bit"
    QUOTED_PRINTABLE = "quoted-printable"
    BASE64 = "base64"


class SesVerdict(enum.Enum):
    """What a check of SES said about an inbound mail."""

    NONE = "none"
    PASS = "pass"
    FAIL = "fail"
    GRAY = "gray"
    PROCESSING_FAILED = "processing_failed"


class SnsType(enum.Enum):
    """Words of SNS for what it sends."""

    NOTIFICATION = "Notification"
    SUBSCRIPTION_CONFIRMATION = "SubscriptionConfirmation"
    UNSUBSCRIBE_CONFIRMATION = "UnsubscribeConfirmation"
