-- Mails to organizers. Each is a row of the outbox whose event is ''.
CREATE TABLE notice (
  entry       INTEGER PRIMARY KEY,  -- of the outbox
  domain      TEXT    NOT NULL,
  address     TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  cause       TEXT    NOT NULL,     -- the same is told once
  event       TEXT    NOT NULL,     -- '': none
  language    TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  text        TEXT    NOT NULL,
  html        TEXT    NOT NULL,
  in_reply_to TEXT    NOT NULL,
  time        INTEGER NOT NULL,
  UNIQUE (domain, address, kind, cause)
) STRICT;
CREATE INDEX notice_time ON notice (domain, address, time);

-- A domain's own texts in place of embedded ones.
CREATE TABLE template (
  domain   TEXT NOT NULL REFERENCES domain,
  name     TEXT NOT NULL,
  contents TEXT NOT NULL,
  PRIMARY KEY (domain, name)
) STRICT, WITHOUT ROWID;
