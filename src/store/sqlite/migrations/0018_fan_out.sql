-- A change that has not yet reached all holders of its event: they are reached in the order of their
-- addresses, so many in one durable step, whoever takes the next.
CREATE TABLE fan_out (
  domain           TEXT    NOT NULL,
  event            TEXT    NOT NULL,
  sequence         INTEGER NOT NULL,
  key_change       INTEGER NOT NULL,
  resets_answers   INTEGER NOT NULL,          -- those to the series, not to changed dates alone
  include_declined INTEGER NOT NULL,
  time             INTEGER NOT NULL,
  reached          TEXT    NOT NULL,          -- all up to this address
  PRIMARY KEY (domain, event),
  FOREIGN KEY (domain, event) REFERENCES event
) STRICT, WITHOUT ROWID;

-- What each of them is owed.
CREATE TABLE fan_out_mailing (
  domain     TEXT    NOT NULL,
  event      TEXT    NOT NULL,
  position   INTEGER NOT NULL,
  method     TEXT    NOT NULL,
  occurrence INTEGER NOT NULL,
  expires    INTEGER,                         -- NULL: never
  PRIMARY KEY (domain, event, position),
  FOREIGN KEY (domain, event) REFERENCES fan_out ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Tokens are random, so that every new one changes a page of their index: a small index has few. It
-- holds a row's number here, where that of a table without one holds the whole key.
CREATE TABLE correspondent_by_row (
  domain    TEXT NOT NULL,
  organizer TEXT NOT NULL,
  address   TEXT NOT NULL,
  token     TEXT NOT NULL,
  UNIQUE (domain, organizer, address),
  FOREIGN KEY (domain, organizer) REFERENCES organizer
) STRICT;
INSERT INTO correspondent_by_row SELECT domain, organizer, address, token FROM correspondent;
DROP TABLE correspondent;
ALTER TABLE correspondent_by_row RENAME TO correspondent;
CREATE UNIQUE INDEX correspondent_token ON correspondent (domain, token);
