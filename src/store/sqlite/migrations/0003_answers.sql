-- What attendees propose, answer for one date, and pass on to others.

ALTER TABLE attendee ADD COLUMN proposal TEXT NOT NULL DEFAULT '';  -- ISO interval, of the answer in force
ALTER TABLE receipt ADD COLUMN proposal TEXT NOT NULL DEFAULT '';
CREATE INDEX attendee_proposal ON attendee (domain, event, address) WHERE proposal <> '';

-- Answers to one date of a series that are not overtaken by an answer to the series.
CREATE TABLE occurrence_answer (
  domain          TEXT    NOT NULL,
  event           TEXT    NOT NULL,
  address         TEXT    NOT NULL,
  occurrence      INTEGER NOT NULL,
  partstat        TEXT    NOT NULL,
  answer_sequence INTEGER NOT NULL,
  answer_dtstamp  INTEGER NOT NULL,
  channel         TEXT    NOT NULL,
  prodid          TEXT    NOT NULL,
  comment         TEXT    NOT NULL,
  proposal        TEXT    NOT NULL,
  PRIMARY KEY (domain, event, address, occurrence),
  FOREIGN KEY (domain, event, address) REFERENCES attendee
) STRICT, WITHOUT ROWID;

-- The SEQUENCE of the last change of a date that asked its attendees anew.
CREATE TABLE occurrence_change (
  domain     TEXT    NOT NULL,
  event      TEXT    NOT NULL,
  occurrence INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (domain, event, occurrence),
  FOREIGN KEY (domain, event) REFERENCES event
) STRICT, WITHOUT ROWID;

-- People who were not invited, but answered what an attendee passed on to them.
CREATE TABLE shared_attendee (
  domain   TEXT    NOT NULL,
  event    TEXT    NOT NULL,
  address  TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  partstat TEXT    NOT NULL,
  via      TEXT    NOT NULL,                  -- address of the attendee
  time     INTEGER NOT NULL,                  -- of the answer
  PRIMARY KEY (domain, event, address),
  FOREIGN KEY (domain, event) REFERENCES event
) STRICT, WITHOUT ROWID;
