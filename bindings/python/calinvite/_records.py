"""What an engine tells: keys, pages of links, suppression and consent, accounts, history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from ._values import Attendee, Event, OutboxTotals, Plan, Receipt, Scope
from ._words import (
    AccountHold,
    Evidence,
    NoticeKind,
    OutboxState,
    PageState,
    Partstat,
    PreflightSeverity,
)


@dataclass(slots=True, kw_only=True)
class ApiKey:
    """A key by which a program acts in a scope. The key itself is kept nowhere."""

    id: str  # names it, and begins it: no secret
    label: str  # what people call it
    scope: Scope  # what it opens
    created: datetime
    last_used: datetime | None  # within a minute
    revoked: datetime | None


@dataclass(slots=True, kw_only=True)
class NewApiKey:
    """A key that was just made."""

    entry: ApiKey
    key: str = field(repr=False)  # told this once: only its hash is kept


@dataclass(slots=True, kw_only=True)
class SigningKey:
    """A key that signs a domain's links, or did."""

    id: int
    created: datetime
    signs: bool  # new links; older keys only verify those that they signed


@dataclass(slots=True, kw_only=True)
class RegistrationPage:
    """What the page behind a link of a registration mail shows."""

    domain: str  # its name
    address: str  # of whoever would become an organizer
    waiting: int  # their mails that wait for it; 1,000 also stands for more


@dataclass(slots=True, kw_only=True)
class Approval:
    """A change that waits for a go-ahead, and what it costs."""

    domain: str  # its name
    before: Event
    after: Event
    plan: Plan  # what a go-ahead enqueues


@dataclass(slots=True, kw_only=True)
class HeldChange:
    """A change of an event that waits for a go-ahead: nobody is told before."""

    id: bytes  # another for each change; named by the token of a link
    event: Event  # as it would become; its sequence is that of the event it changes
    time: datetime  # when it came


@dataclass(slots=True, kw_only=True)
class EventPage:
    """What the page behind a link shows (docs/links.md)."""

    domain: str  # its name
    # As it is now, merge fields filled in. `organizer` and `source_organizer` are private.
    event: Event
    organizer: str  # display name of the sender identity; may be empty
    organizer_address: str  # that answers to the event go to; not the organizer's own
    state: PageState = PageState.OPEN
    attendee: Attendee | None = None  # whose link it is; of an RSVP link
    landing: str = ""  # where a reader is sent on to; empty: nowhere
    # where else a request may have them sent on to
    landings: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class FormCheck:
    """What a form says that was issued with a page of a link."""

    age: timedelta  # since the page was shown
    sequence: int  # SEQUENCE of the event that it showed; 0 where it showed none


@dataclass(slots=True, kw_only=True)
class ButtonCaps:
    """How often a day (UTC) RSVP buttons may be pressed; what is beyond sends nothing."""

    address: int = 3  # for one address
    network: int = 60  # from one network
    event: int = 10_000  # for one event
    domain: int = 100_000  # in all


@dataclass(slots=True, kw_only=True)
class ReceiveResult:
    """What became of the messages of a queue."""

    received: int  # messages handed out
    removed: int  # taken in or quarantined, and gone from the queue
    quarantined: int  # of these
    left: int  # could not be taken in and will be handed out again


@dataclass(slots=True, kw_only=True)
class Suppression:
    """An address that must not be mailed: by one organizer, by a domain, or at all."""

    address: str  # of somebody erased: a keyed hash at erased.invalid
    domain: str = ""  # empty: everything
    organizer: str = ""  # empty: all of the domain
    reason: str = ""  # one line; empty: manual
    time: datetime | None = None


@dataclass(slots=True, kw_only=True)
class UnsubscribeView:
    """What an unsubscribe link is about, for a page that asks. It shows no address."""

    domain: str  # name of the tenant
    event: str  # uid of the copy whose mail had the link
    summary: str  # of that event
    organizer_name: str  # display name; the sender address when they have none
    language: str  # BCP 47 of the copy, else of the event; empty: not known
    organizer_unsubscribed: bool  # of this organizer, by the person
    domain_unsubscribed: bool  # of the whole domain, by the person


@dataclass(slots=True, kw_only=True)
class Consent:
    """What somebody agreed to, and whether it still holds."""

    domain: str
    organizer: str  # whom it was given to; empty: all of the domain
    address: str
    source: str  # as ConsentGiven; empty: nothing is known but that it was withdrawn
    time: datetime
    text: str
    withdrawn: datetime | None  # None: it holds


@dataclass(slots=True, kw_only=True)
class SuppressionImport:
    """What an import of suppressions did."""

    added: int
    known: int  # were there already
    bad: int  # rows that were reported


@dataclass(slots=True, kw_only=True)
class Erasure:
    """What was replaced or removed of a person."""

    attendees: int  # rows that now name nobody; so do their receipts
    receipts: int  # of theirs, and of others that named them
    suppressed: int  # messages that were not sent any more
    consents: int  # removed
    quarantined: int  # raw inputs in which they occurred, removed
    notices: int  # mails to organizers whose words were taken out
    # uids of events whose own texts name the address: these are the organizer's words, and stay
    named: list[str]


@dataclass(slots=True, kw_only=True)
class SendingAccount:
    """An account that takes our messages, as all workers of a store share it. Limits count
    recipients."""

    key: str  # names it, the same for all who send through it
    max_rate: float  # a second, as the account says; 0: not known
    max_24_hours: float  # as the account says; -1: no limit known
    used_24_hours: float  # as the account says, and what was leased since
    asked: datetime | None  # when a worker last began to ask it
    told: datetime | None  # when it last answered, or would not
    next_send: datetime | None  # every slot before it is leased to a worker
    level: float  # a second, that it is known to take; 0: it never throttled
    slowed: datetime | None  # when `level` was learnt
    counted_since: datetime | None  # of the next two
    answered: int  # messages, throttled ones too
    throttled: int
    hold: AccountHold
    reason: str  # of `hold`, one line
    until: datetime | None  # of `hold`: when one worker tries again


@dataclass(slots=True, kw_only=True)
class Reputation:
    """What became of a domain's messages in the last seven days; bounced: for good."""

    accepted: int
    bounced: int
    complained: int
    hold: str  # why nothing of the domain is sent; empty: it is
    held: datetime | None  # since when


@dataclass(slots=True, kw_only=True)
class Notice:
    """A mail to an organizer. It waits in the outbox like an invite, and is counted apart."""

    kind: NoticeKind
    address: str  # of the organizer, or of their delegate who sent the mail
    event: str  # our uid; empty: none
    language: str  # that it is written in
    subject: str
    text: str  # empty in lists
    html: str  # empty in lists
    csv: str  # a table that goes with it, report.csv; empty: none, or in lists
    in_reply_to: str  # Message-ID of the mail it answers, without brackets; empty: none
    cause: str  # one notice for each address, kind and cause; empty when read
    time: datetime
    state: OutboxState  # in lists
    reason: str  # of the state, in lists


@dataclass(slots=True, kw_only=True)
class HistoryItem:
    """A receipt in the history of an attendee."""

    receipt: Receipt
    evidence: Evidence


@dataclass(slots=True, kw_only=True)
class ReceiptBucket:
    """Receipts that happened in one hour or day, UTC."""

    start: datetime
    counts: dict[str, int]  # by the word of their kind


@dataclass(slots=True, kw_only=True)
class SearchHit:
    """An event, or somebody invited to it, that a search found."""

    event: str  # our uid
    summary: str  # of the event
    start: datetime  # of the event, naive: its wall clock
    organizer: str  # of the event
    address: str  # of the attendee; empty: the event itself was found
    name: str  # of the attendee


@dataclass(slots=True, kw_only=True)
class FeedItem:
    """What the change feed tells."""

    event: str
    organizer: str  # of the event
    receipt: Receipt | None  # None: the event itself was made or changed


@dataclass(slots=True, kw_only=True)
class Feed:
    """A part of the change feed."""

    items: list[FeedItem]  # in the order of the steps that did it
    next: str  # where to go on, now or when more has happened; opaque
    more: bool  # whether there is more already


@dataclass(slots=True, kw_only=True)
class SharedAttendee:
    """Somebody who was not invited, and answered what an attendee passed on to them. Counted
    nowhere and mailed nothing."""

    event: str
    address: str
    name: str
    partstat: Partstat
    via: str  # address of the attendee whose copy they answered
    time: datetime  # of their answer


@dataclass(slots=True, kw_only=True)
class DispatchProgress:
    """How far a dispatch has come."""

    totals: OutboxTotals  # of the whole outbox
    settled: int  # by this run
    waiting: bool  # nothing is due now: pace, retry time or a foreign lease
    until: datetime | None  # of `waiting`
    reason: str  # of `waiting`: what failed or is held; empty: not due


@dataclass(slots=True, kw_only=True)
class PaceProfile:
    """How messages are spread over time. Limits of the account hold with each of them."""

    batch: int = 0  # messages that leave together; 0: evenly, no batches
    pause: timedelta = timedelta(0)  # after a batch is answered, before the next


@dataclass(slots=True, kw_only=True)
class ReputationLimits:
    """When a domain's sending is held until a person lifts it. AWS reviews an account from 5 % of
    bounces and 0.1 % of complaints on; only permanent bounces count."""

    min_messages: int = 1000  # accepted within 7 days; fewer say too little
    bounces: float = 0.04  # share of the accepted; 1: never
    complaints: float = 0.0008  # the same, from the third complaint on


@dataclass(slots=True, kw_only=True)
class PreflightFinding:
    """What a check found. Every check that was made has one at least."""

    check: str  # such as dmarc
    severity: PreflightSeverity
    what: str  # what was found, one line
    why: str  # as in docs/preflight.md; empty when ok
    fix: str  # what to do; empty when ok


@dataclass(slots=True)
class MailExchanger:
    """A mail exchanger (RFC 5321 5.1)."""

    preference: int  # the lowest is tried first
    host: str  # lower case, without a final dot; empty: no mail (RFC 7505)


class Resolver(Protocol):
    """Answers a preflight's questions about DNS names. That a name does not exist, or has no such
    record, is an answer: an empty one. UnavailableError: there is none now."""

    def txt(self, name: str, /) -> list[str]:
        """A text for each TXT record, its strings joined."""
        ...

    def mx(self, name: str, /) -> list[MailExchanger]: ...

    def cname(self, name: str, /) -> str | None:
        """What the name itself is an alias of."""
        ...


@dataclass(slots=True, kw_only=True)
class Authentication:
    """Who vouches for the sender of an input. Never made from headers that a sender can write."""

    passed: bool = False
    address: str = ""  # of the sender vouched for; normalised
    by: str = ""  # who says so: operator, host, ses
    reason: str = ""  # why nobody vouches, as far as that is known
