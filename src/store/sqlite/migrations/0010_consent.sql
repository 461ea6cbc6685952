-- What people agreed to, and when they took it back. One row for each whom they gave it to.
CREATE TABLE consent (
  domain    TEXT    NOT NULL REFERENCES domain,
  address   TEXT    NOT NULL,
  organizer TEXT    NOT NULL,                 -- '': all of the domain
  source    TEXT    NOT NULL,                 -- '': only the withdrawal is known
  time      INTEGER NOT NULL,
  text      TEXT    NOT NULL,
  withdrawn INTEGER,                          -- NULL: it holds
  PRIMARY KEY (domain, address, organizer)
) STRICT, WITHOUT ROWID;

-- Why and where an address is suppressed.
CREATE INDEX suppression_address ON suppression (domain, address);
