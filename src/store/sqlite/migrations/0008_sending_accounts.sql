-- Accounts that take our messages: limits, pace and holds that all workers share. Of no domain.
-- Instants (next_send, slowed, counted_since) are microseconds since 1970.
CREATE TABLE sending_account (
  account       TEXT    NOT NULL PRIMARY KEY,
  max_rate      REAL    NOT NULL,
  max_24_hours  REAL    NOT NULL,
  used_24_hours REAL    NOT NULL,
  asked         INTEGER NOT NULL,
  told          INTEGER NOT NULL,
  next_send     INTEGER NOT NULL,
  level         REAL    NOT NULL,
  slowed        INTEGER NOT NULL,
  counted_since INTEGER NOT NULL,
  answered      INTEGER NOT NULL,
  throttled     INTEGER NOT NULL,
  hold          TEXT    NOT NULL,
  reason        TEXT    NOT NULL,
  until         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What became of a domain's messages, by day: a rate must not read the receipts.
CREATE TABLE sending_day (
  domain     TEXT    NOT NULL REFERENCES domain,
  day        INTEGER NOT NULL,  -- since 1970, UTC
  accepted   INTEGER NOT NULL,
  bounced    INTEGER NOT NULL,
  complained INTEGER NOT NULL,
  PRIMARY KEY (domain, day)
) STRICT, WITHOUT ROWID;

-- Domains whose sending waits for a person.
CREATE TABLE domain_hold (
  domain TEXT    NOT NULL PRIMARY KEY REFERENCES domain,
  reason TEXT    NOT NULL,
  time   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
