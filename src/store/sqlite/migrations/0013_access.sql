-- Keys of programs, by what they may see. The keys themselves are kept nowhere.
CREATE TABLE api_key (
  id        TEXT    NOT NULL PRIMARY KEY,
  domain    TEXT    NOT NULL,  -- '': the whole store
  organizer TEXT    NOT NULL,  -- '': all of the domain
  label     TEXT    NOT NULL,
  digest    BLOB    NOT NULL,  -- SHA-256 of the key
  created   INTEGER NOT NULL,
  last_used INTEGER,           -- within a minute; NULL: never
  revoked   INTEGER            -- NULL: it is in force
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_scope ON api_key (domain, organizer);

ALTER TABLE domain ADD COLUMN registration TEXT NOT NULL DEFAULT 'confirm';
ALTER TABLE domain ADD COLUMN event_limit INTEGER NOT NULL DEFAULT 0;  -- 0: none
ALTER TABLE domain ADD COLUMN invite_limit INTEGER NOT NULL DEFAULT 2500;
ALTER TABLE domain ADD COLUMN approval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizer ADD COLUMN approval INTEGER NOT NULL DEFAULT -1;  -- -1: as the domain has it

-- Senders who become organizers once they say so themselves.
CREATE TABLE registration (
  domain  TEXT    NOT NULL REFERENCES domain,
  address TEXT    NOT NULL,
  id      BLOB    NOT NULL,  -- named by the token of their link
  name    TEXT    NOT NULL,
  expires INTEGER NOT NULL,
  PRIMARY KEY (domain, address)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX registration_id ON registration (domain, id);
CREATE INDEX registration_expires ON registration (domain, expires);

-- Events as they would become by changes that wait for a go-ahead: the columns of event.
CREATE TABLE held_change (
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
  conference       TEXT    NOT NULL,
  reminder         INTEGER NOT NULL,
  transparent      INTEGER NOT NULL,
  wants_answers    INTEGER NOT NULL,
  counters_allowed INTEGER NOT NULL,
  id               BLOB    NOT NULL DEFAULT x'',  -- named by the token of a link
  time             INTEGER NOT NULL DEFAULT 0,    -- when it came
  PRIMARY KEY (domain, uid),
  FOREIGN KEY (domain, uid) REFERENCES event
) STRICT, WITHOUT ROWID;
CREATE INDEX held_change_id ON held_change (domain, id);
