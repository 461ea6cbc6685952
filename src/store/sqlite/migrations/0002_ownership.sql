-- Who may mail invitations for an organizer, besides the organizer.
CREATE TABLE delegate (
  domain    TEXT NOT NULL,
  organizer TEXT NOT NULL,
  address   TEXT NOT NULL,
  PRIMARY KEY (domain, organizer, address),
  FOREIGN KEY (domain, organizer) REFERENCES organizer
) STRICT, WITHOUT ROWID;
CREATE INDEX delegate_address ON delegate (domain, address);

-- Cancellations that came before the event they cancel.
CREATE TABLE early_cancel (
  domain     TEXT    NOT NULL,
  organizer  TEXT    NOT NULL,
  source_uid TEXT    NOT NULL,
  sequence   INTEGER NOT NULL,
  dtstamp    INTEGER NOT NULL,
  time       INTEGER NOT NULL,
  PRIMARY KEY (domain, organizer, source_uid),
  FOREIGN KEY (domain, organizer) REFERENCES organizer
) STRICT, WITHOUT ROWID;
CREATE INDEX early_cancel_time ON early_cancel (domain, time);

ALTER TABLE organizer ADD COLUMN language TEXT NOT NULL DEFAULT '';
-- Envelope recipients, one a line.
ALTER TABLE quarantine ADD COLUMN recipients TEXT NOT NULL DEFAULT '';
