-- Revisions of events that a change has overtaken and somebody still holds: an update tells them
-- what is different. The columns of event, in the order
-- in which they are read.
CREATE TABLE revision (
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
  exdates          TEXT    NOT NULL,
  overrides        TEXT    NOT NULL,
  status           TEXT    NOT NULL,
  sequence         INTEGER NOT NULL,
  key_sequence     INTEGER NOT NULL,
  source_sequence  INTEGER NOT NULL,
  source_dtstamp   INTEGER NOT NULL,
  listed           INTEGER NOT NULL,
  invite_limit     INTEGER NOT NULL,
  created          INTEGER NOT NULL,
  changed          INTEGER NOT NULL,
  PRIMARY KEY (domain, uid, sequence),
  FOREIGN KEY (domain, uid) REFERENCES event
) STRICT, WITHOUT ROWID;
