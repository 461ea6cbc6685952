-- What pages may send readers on to, one address a line.
ALTER TABLE domain ADD COLUMN landings TEXT NOT NULL DEFAULT '';

-- How often pages were used today, by subjects that name nobody: what their daily caps count.
CREATE TABLE page_use (
  domain  TEXT    NOT NULL REFERENCES domain,
  day     INTEGER NOT NULL,  -- since 1970, UTC
  subject TEXT    NOT NULL,
  uses    INTEGER NOT NULL,
  PRIMARY KEY (domain, day, subject)
) STRICT, WITHOUT ROWID;
