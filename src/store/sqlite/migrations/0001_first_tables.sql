-- Times are seconds since 1970: UTC for instants, wall time for start, end and occurrences.
-- Words are those of the headers. '' stands for "none" where a text is optional.
-- Keys start with the domain, so that a sharding store can divide by it.

CREATE TABLE domain (
  domain            TEXT NOT NULL PRIMARY KEY,
  sender            TEXT NOT NULL,
  reply_domain      TEXT NOT NULL UNIQUE,
  base_url          TEXT NOT NULL,
  super_user        TEXT NOT NULL,
  configuration_set TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_key (
  domain  TEXT    NOT NULL REFERENCES domain,
  id      INTEGER NOT NULL,
  sealed  BLOB    NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (domain, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE organizer (
  domain     TEXT    NOT NULL REFERENCES domain,
  address    TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  local_part TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  bulk       INTEGER NOT NULL,
  PRIMARY KEY (domain, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  domain           TEXT    NOT NULL,
  uid              TEXT    NOT NULL,
  source_uid       TEXT    NOT NULL,
  organizer        TEXT    NOT NULL,
  source_organizer TEXT    NOT NULL,
  summary          TEXT    NOT NULL,
  description      TEXT    NOT NULL,
  location         TEXT    NOT NULL,
  url              TEXT    NOT NULL,
  landing          TEXT    NOT NULL,
  language         TEXT    NOT NULL,
  start            INTEGER NOT NULL,
  "end"            INTEGER NOT NULL,
  timezone         TEXT    NOT NULL,
  all_day          INTEGER NOT NULL,
  rrule            TEXT    NOT NULL,
  exdates          TEXT    NOT NULL,  -- JSON: numbers
  overrides        TEXT    NOT NULL,  -- JSON: objects with the fields of Override
  status           TEXT    NOT NULL,
  sequence         INTEGER NOT NULL,
  key_sequence     INTEGER NOT NULL,
  source_sequence  INTEGER NOT NULL,
  source_dtstamp   INTEGER NOT NULL,
  listed           INTEGER NOT NULL,
  invite_limit     INTEGER NOT NULL,
  created          INTEGER NOT NULL,
  changed          INTEGER NOT NULL,
  PRIMARY KEY (domain, uid),
  FOREIGN KEY (domain, organizer) REFERENCES organizer
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX event_source ON event (domain, organizer, source_uid) WHERE source_uid <> '';
CREATE INDEX event_start ON event (domain, start, uid);

CREATE TABLE attendee (
  domain           TEXT    NOT NULL,
  event            TEXT    NOT NULL,
  address          TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  language         TEXT    NOT NULL,
  origin           TEXT    NOT NULL,
  id               BLOB    NOT NULL,                 -- named by link tokens
  uid              TEXT    NOT NULL COLLATE NOCASE,  -- of the copy
  copy             INTEGER NOT NULL DEFAULT 0,       -- grows with each invite that was asked for again
  first_message_id TEXT    NOT NULL DEFAULT '',
  partstat         TEXT    NOT NULL DEFAULT 'NEEDS-ACTION',
  answer_sequence  INTEGER NOT NULL DEFAULT -1,
  answer_dtstamp   INTEGER NOT NULL DEFAULT 0,
  channel          TEXT    NOT NULL DEFAULT '',
  prodid           TEXT    NOT NULL DEFAULT '',
  comment          TEXT    NOT NULL DEFAULT '',
  held_sequence    INTEGER NOT NULL DEFAULT -1,
  uninvited        INTEGER NOT NULL DEFAULT 0,
  kinds            INTEGER NOT NULL DEFAULT 0,       -- cache: bit n is set when receipt kind n exists
  PRIMARY KEY (domain, event, address),
  FOREIGN KEY (domain, event) REFERENCES event
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attendee_uid ON attendee (domain, uid);
CREATE UNIQUE INDEX attendee_id ON attendee (domain, id);
CREATE INDEX attendee_address ON attendee (domain, address);

-- Copies that were withdrawn before their attendee was invited again: their UIDs are dead, and
-- still resolve.
CREATE TABLE past_copy (
  domain           TEXT    NOT NULL,
  uid              TEXT    NOT NULL COLLATE NOCASE,
  id               BLOB    NOT NULL,
  event            TEXT    NOT NULL,
  address          TEXT    NOT NULL,
  first_message_id TEXT    NOT NULL,
  held_sequence    INTEGER NOT NULL,
  PRIMARY KEY (domain, uid),
  FOREIGN KEY (domain, event, address) REFERENCES attendee
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX past_copy_id ON past_copy (domain, id);

-- Whom the token of an organizer address names.
CREATE TABLE correspondent (
  domain    TEXT NOT NULL,
  organizer TEXT NOT NULL,
  address   TEXT NOT NULL,
  token     TEXT NOT NULL,
  PRIMARY KEY (domain, organizer, address),
  FOREIGN KEY (domain, organizer) REFERENCES organizer
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX correspondent_token ON correspondent (domain, token);

CREATE TABLE button (
  domain  TEXT NOT NULL,
  id      BLOB NOT NULL,
  event   TEXT NOT NULL,
  origin  TEXT NOT NULL,
  landing TEXT NOT NULL,
  PRIMARY KEY (domain, id),
  UNIQUE (domain, event, origin, landing),
  FOREIGN KEY (domain, event) REFERENCES event
) STRICT, WITHOUT ROWID;

-- The outbox and the receipts get a row per message: they carry no foreign keys, whose lookups
-- would cost as much as the rows; a row is only ever made from its attendee's.
CREATE TABLE outbox (
  entry       INTEGER PRIMARY KEY,            -- grows in the order of enqueueing
  domain      TEXT    NOT NULL,
  event       TEXT    NOT NULL,
  address     TEXT    NOT NULL,
  method      TEXT    NOT NULL,
  occurrence  INTEGER NOT NULL,               -- the smallest integer: the series
  sequence    INTEGER NOT NULL,
  copy        INTEGER NOT NULL,
  uid         TEXT    NOT NULL,               -- of the copy
  expires     INTEGER,                        -- NULL: never
  state       TEXT    NOT NULL DEFAULT 'pending',
  not_before  INTEGER NOT NULL,
  fence       INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  attempt_id  TEXT    NOT NULL DEFAULT '',    -- claimed: the intent is durable
  evidence    INTEGER NOT NULL DEFAULT 0,     -- a notification proves that the attempt was taken
  message_id  TEXT    NOT NULL DEFAULT '',
  reason      TEXT    NOT NULL DEFAULT '',
  changed     INTEGER NOT NULL,
  UNIQUE (domain, event, address, method, occurrence, sequence, copy)
) STRICT;
CREATE INDEX outbox_due ON outbox (not_before, entry) WHERE state IN ('pending', 'held');
CREATE INDEX outbox_state ON outbox (domain, state);
CREATE INDEX outbox_claimed ON outbox (fence, lease_until) WHERE state = 'claimed';
CREATE UNIQUE INDEX outbox_attempt ON outbox (attempt_id) WHERE attempt_id <> '';
CREATE INDEX outbox_message ON outbox (message_id) WHERE message_id <> '';

-- The last fence that a dispatcher got.
CREATE TABLE fence (last INTEGER NOT NULL) STRICT;
INSERT INTO fence VALUES (0);

-- Clustered by event: rows of one event lie together, which is what inserting and listing need.
CREATE TABLE receipt (
  domain     TEXT    NOT NULL,
  event      TEXT    NOT NULL,
  seq        INTEGER NOT NULL,
  address    TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  time       INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  method     TEXT    NOT NULL,
  attempt_id TEXT    NOT NULL DEFAULT '',
  message_id TEXT    NOT NULL DEFAULT '',
  detail     TEXT    NOT NULL DEFAULT '',
  channel    TEXT    NOT NULL DEFAULT '',
  prodid     TEXT    NOT NULL DEFAULT '',
  comment    TEXT    NOT NULL DEFAULT '',
  fact       TEXT    NOT NULL DEFAULT '',     -- of what came from outside: the same again has the same
  PRIMARY KEY (domain, event, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX receipt_fact ON receipt (domain, event, fact) WHERE fact <> '';

-- Facts about sends that no outbox entry names, and so of no domain.
CREATE TABLE orphan (
  fact       TEXT    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL,
  time       INTEGER NOT NULL,
  address    TEXT    NOT NULL,
  attempt_id TEXT    NOT NULL,
  message_id TEXT    NOT NULL,
  detail     TEXT    NOT NULL,
  suppress   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX orphan_message ON orphan (message_id) WHERE message_id <> '';

CREATE TABLE suppression (
  domain    TEXT    NOT NULL,                 -- '': everything
  organizer TEXT    NOT NULL,                 -- '': all of the domain
  address   TEXT    NOT NULL,
  reason    TEXT    NOT NULL,
  time      INTEGER NOT NULL,
  PRIMARY KEY (domain, organizer, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,   -- of a dropped item, never used again
  domain TEXT    NOT NULL,                    -- '': nobody can tell
  digest BLOB    NOT NULL,                    -- SHA-256 of raw
  source TEXT    NOT NULL,
  sender TEXT    NOT NULL,
  reason TEXT    NOT NULL,
  raw    BLOB    NOT NULL,
  time   INTEGER NOT NULL,
  UNIQUE (domain, digest)
) STRICT;
