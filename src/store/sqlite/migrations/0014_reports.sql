-- What reports read: counts, a feed of what happened, and an index of words. All of it is made from
-- other tables, and kept by triggers in the step that changes them, whoever does.

ALTER TABLE attendee ADD COLUMN suppressed INTEGER NOT NULL DEFAULT 0;  -- cache of rows in suppression

-- Attendees by what is said of them; subject is origin, prodid, rsvp or delivery. The uninvited are
-- not counted, and the suppressed under delivery alone. No row is touched by every send: those of
-- an organizer are added up when a domain is asked about.
CREATE TABLE event_count (
  domain  TEXT    NOT NULL,
  event   TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  word    TEXT    NOT NULL,
  number  INTEGER NOT NULL,
  PRIMARY KEY (domain, event, subject, word)
) STRICT, WITHOUT ROWID;
CREATE TABLE organizer_count (
  domain    TEXT    NOT NULL,
  subject   TEXT    NOT NULL,
  word      TEXT    NOT NULL,
  organizer TEXT    NOT NULL,
  number    INTEGER NOT NULL,
  PRIMARY KEY (domain, subject, word, organizer)
) STRICT, WITHOUT ROWID;

-- Receipts by when they happened: start is that of the hour or day, UTC.
CREATE TABLE event_receipts (
  domain TEXT    NOT NULL,
  event  TEXT    NOT NULL,
  start  INTEGER NOT NULL,  -- of the hour
  kind   TEXT    NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (domain, event, start, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE organizer_receipts (
  domain    TEXT    NOT NULL,
  unit      TEXT    NOT NULL,  -- hour or day
  start     INTEGER NOT NULL,
  kind      TEXT    NOT NULL,
  organizer TEXT    NOT NULL,
  number    INTEGER NOT NULL,
  PRIMARY KEY (domain, unit, start, kind, organizer)
) STRICT, WITHOUT ROWID;

-- One row for each event that a step was about, in the order of the steps: whether the event itself
-- was made or changed, and which receipts it got.
CREATE TABLE feed (
  domain    TEXT    NOT NULL,
  number    INTEGER NOT NULL,
  organizer TEXT    NOT NULL,
  event     TEXT    NOT NULL,
  changed   INTEGER NOT NULL,
  first     INTEGER NOT NULL,  -- receipt.seq
  last      INTEGER NOT NULL,  -- below first: none
  PRIMARY KEY (domain, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_organizer ON feed (domain, organizer, number);

-- Words of events, and of people as an organizer knows them. The index keeps no texts, and numbers
-- rows; scope is two words that no text holds, of the domain and of the organizer, so that who sees
-- little does not search through everybody's.
CREATE TABLE event_number (
  number INTEGER PRIMARY KEY,
  domain TEXT NOT NULL,
  uid    TEXT NOT NULL,
  UNIQUE (domain, uid)
) STRICT;
CREATE TABLE person (
  number    INTEGER PRIMARY KEY,
  domain    TEXT NOT NULL,
  organizer TEXT NOT NULL,
  address   TEXT NOT NULL,
  name      TEXT NOT NULL,
  UNIQUE (domain, address, organizer, name)
) STRICT;
CREATE VIRTUAL TABLE event_search USING fts5 (
  summary, description, location, uid, scope, content = '', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE person_search USING fts5 (
  address, name, scope, content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- What sorted lists of events walk along.
CREATE INDEX event_created ON event (domain, created, uid);
CREATE INDEX event_changed ON event (domain, changed, uid);
CREATE INDEX event_organizer ON event (domain, organizer, uid);

-- ---- what is there already -------------------------------------------------------------------

UPDATE attendee SET suppressed = 1 WHERE EXISTS (
  SELECT 1 FROM event AS e JOIN suppression AS s
  ON s.domain IN ('', e.domain) AND s.organizer IN ('', e.organizer) AND s.address = attendee.address
  WHERE e.domain = attendee.domain AND e.uid = attendee.event
  AND (s.domain <> '' OR s.organizer = '')
) OR substr(address, -15) = '@erased.invalid';

INSERT INTO event_count
  SELECT domain, event, 'delivery', delivery_word(kinds), count(*) FROM attendee
  WHERE uninvited = 0 GROUP BY 1, 2, 4
  UNION ALL
  SELECT domain, event, 'rsvp', status_word(partstat), count(*) FROM attendee
  WHERE uninvited = 0 AND suppressed = 0 GROUP BY 1, 2, 4
  UNION ALL
  SELECT domain, event, 'origin', origin, count(*) FROM attendee
  WHERE uninvited = 0 AND suppressed = 0 GROUP BY 1, 2, 4
  UNION ALL
  SELECT domain, event, 'prodid', prodid, count(*) FROM attendee
  WHERE uninvited = 0 AND suppressed = 0 AND prodid <> '' GROUP BY 1, 2, 4;
INSERT INTO organizer_count
  SELECT c.domain, c.subject, c.word, e.organizer, sum(c.number) FROM event_count AS c
  JOIN event AS e ON e.domain = c.domain AND e.uid = c.event GROUP BY 1, 2, 3, 4;

INSERT INTO event_receipts
  SELECT domain, event, time - time % 3600, kind, count(*) FROM receipt
  WHERE event <> '' GROUP BY 1, 2, 3, 4;
INSERT INTO organizer_receipts
  SELECT c.domain, u.unit, c.start - c.start % u.seconds, c.kind, e.organizer, sum(c.number)
  FROM event_receipts AS c JOIN event AS e ON e.domain = c.domain AND e.uid = c.event
  JOIN (SELECT 'hour' AS unit, 3600 AS seconds UNION ALL SELECT 'day', 86400) AS u
  GROUP BY 1, 2, 3, 4, 5;

INSERT INTO feed
  SELECT e.domain, row_number() OVER (PARTITION BY e.domain ORDER BY e.changed, e.uid), e.organizer,
  e.uid, 1,
  coalesce((SELECT min(seq) FROM receipt AS r WHERE r.domain = e.domain AND r.event = e.uid), 1),
  coalesce((SELECT max(seq) FROM receipt AS r WHERE r.domain = e.domain AND r.event = e.uid), 0)
  FROM event AS e;

INSERT INTO event_number (domain, uid) SELECT domain, uid FROM event ORDER BY created, domain, uid;
INSERT INTO event_search (rowid, summary, description, location, uid, scope)
  SELECT n.number, e.summary, e.description, e.location, e.uid,
  hex(e.domain) || ' ' || hex(e.domain || ' ' || e.organizer)
  FROM event_number AS n JOIN event AS e ON e.domain = n.domain AND e.uid = n.uid ORDER BY 1;
INSERT INTO person (domain, organizer, address, name)
  SELECT DISTINCT a.domain, e.organizer, a.address, a.name FROM attendee AS a
  JOIN event AS e ON e.domain = a.domain AND e.uid = a.event;
INSERT INTO person_search (rowid, address, name, scope)
  SELECT number, address, name, hex(domain) || ' ' || hex(domain || ' ' || organizer) FROM person;

-- ---- what keeps it so ------------------------------------------------------------------------

CREATE TRIGGER attendee_added AFTER INSERT ON attendee BEGIN
  SELECT count_attendee(1, new.domain, new.event, new.origin, new.prodid, new.partstat, new.kinds,
                        new.uninvited, new.suppressed);
  INSERT INTO person (domain, organizer, address, name)
    SELECT new.domain, e.organizer, new.address, new.name FROM event AS e
    WHERE e.domain = new.domain AND e.uid = new.event ON CONFLICT DO NOTHING;
END;

-- Whoever is invited was not suppressed then, but rows may come in another way.
CREATE TRIGGER attendee_added_suppressed AFTER INSERT ON attendee
WHEN EXISTS (SELECT 1 FROM suppression AS s
             WHERE s.domain = '' AND s.organizer = '' AND s.address = new.address)
OR EXISTS (SELECT 1 FROM suppression AS s
           WHERE s.domain = new.domain AND s.organizer = '' AND s.address = new.address)
OR EXISTS (SELECT 1 FROM event AS e JOIN suppression AS s ON s.domain = e.domain
           AND s.organizer = e.organizer AND s.address = new.address
           WHERE e.domain = new.domain AND e.uid = new.event) BEGIN
  UPDATE attendee SET suppressed = 1
  WHERE domain = new.domain AND event = new.event AND address = new.address;
END;

CREATE TRIGGER attendee_counted
AFTER UPDATE OF origin, prodid, partstat, kinds, uninvited, suppressed ON attendee BEGIN
  SELECT count_attendee(-1, old.domain, old.event, old.origin, old.prodid, old.partstat, old.kinds,
                        old.uninvited, old.suppressed),
         count_attendee(1, new.domain, new.event, new.origin, new.prodid, new.partstat, new.kinds,
                        new.uninvited, new.suppressed);
END;

-- Whose address is taken away is erased, and is mailed no more.
CREATE TRIGGER attendee_renamed AFTER UPDATE OF address, name ON attendee
WHEN old.address <> new.address OR old.name <> new.name BEGIN
  UPDATE attendee SET suppressed = 1
  WHERE domain = new.domain AND event = new.event AND address = new.address
  AND substr(new.address, -15) = '@erased.invalid';
  INSERT INTO person (domain, organizer, address, name)
    SELECT new.domain, e.organizer, new.address, new.name FROM event AS e
    WHERE e.domain = new.domain AND e.uid = new.event ON CONFLICT DO NOTHING;
  DELETE FROM person WHERE domain = old.domain AND address = old.address AND name = old.name
  AND NOT EXISTS (
    SELECT 1 FROM attendee AS a JOIN event AS e ON e.domain = a.domain AND e.uid = a.event
    WHERE a.domain = old.domain AND a.address = old.address AND a.name = old.name
    AND e.organizer = person.organizer);
END;

CREATE TRIGGER attendee_removed AFTER DELETE ON attendee BEGIN
  SELECT count_attendee(-1, old.domain, old.event, old.origin, old.prodid, old.partstat, old.kinds,
                        old.uninvited, old.suppressed);
  DELETE FROM person WHERE domain = old.domain AND address = old.address AND name = old.name
  AND NOT EXISTS (
    SELECT 1 FROM attendee AS a JOIN event AS e ON e.domain = a.domain AND e.uid = a.event
    WHERE a.domain = old.domain AND a.address = old.address AND a.name = old.name
    AND e.organizer = person.organizer);
END;

CREATE TRIGGER suppression_added AFTER INSERT ON suppression BEGIN
  UPDATE attendee SET suppressed = 1 WHERE address = new.address AND suppressed = 0
  AND domain IN (SELECT d.domain FROM domain AS d WHERE new.domain IN ('', d.domain))
  AND (new.organizer = '' OR EXISTS (
    SELECT 1 FROM event AS e WHERE e.domain = attendee.domain AND e.uid = attendee.event
    AND e.organizer = new.organizer AND e.domain = new.domain));
END;

CREATE TRIGGER suppression_lifted AFTER DELETE ON suppression BEGIN
  UPDATE attendee SET suppressed = 0 WHERE address = old.address AND suppressed = 1
  AND domain IN (SELECT d.domain FROM domain AS d WHERE old.domain IN ('', d.domain))
  AND NOT EXISTS (
    SELECT 1 FROM event AS e JOIN suppression AS s
    ON s.domain IN ('', e.domain) AND s.organizer IN ('', e.organizer)
    AND s.address = attendee.address
    WHERE e.domain = attendee.domain AND e.uid = attendee.event
    AND (s.domain <> '' OR s.organizer = ''))
  AND substr(address, -15) <> '@erased.invalid';
END;

CREATE TRIGGER receipt_counted AFTER INSERT ON receipt WHEN new.event <> '' BEGIN
  SELECT count_receipt(new.domain, new.event, new.seq, new.kind, new.time);
END;

CREATE TRIGGER event_added AFTER INSERT ON event BEGIN
  SELECT note_event(new.domain, new.uid);
  INSERT INTO event_number (domain, uid) VALUES (new.domain, new.uid);
  INSERT INTO event_search (rowid, summary, description, location, uid, scope)
    SELECT n.number, new.summary, new.description, new.location, new.uid,
    hex(new.domain) || ' ' || hex(new.domain || ' ' || new.organizer)
    FROM event_number AS n WHERE n.domain = new.domain AND n.uid = new.uid;
END;

CREATE TRIGGER event_noted AFTER UPDATE OF sequence, changed ON event
WHEN old.sequence <> new.sequence OR old.changed <> new.changed BEGIN
  SELECT note_event(new.domain, new.uid);
END;

CREATE TRIGGER event_reworded AFTER UPDATE OF summary, description, location, organizer ON event
WHEN old.summary <> new.summary OR old.description <> new.description
OR old.location <> new.location OR old.organizer <> new.organizer BEGIN
  INSERT INTO event_search (event_search, rowid, summary, description, location, uid, scope)
    SELECT 'delete', n.number, old.summary, old.description, old.location, old.uid,
    hex(old.domain) || ' ' || hex(old.domain || ' ' || old.organizer)
    FROM event_number AS n WHERE n.domain = old.domain AND n.uid = old.uid;
  INSERT INTO event_search (rowid, summary, description, location, uid, scope)
    SELECT n.number, new.summary, new.description, new.location, new.uid,
    hex(new.domain) || ' ' || hex(new.domain || ' ' || new.organizer)
    FROM event_number AS n WHERE n.domain = new.domain AND n.uid = new.uid;
END;

CREATE TRIGGER person_added AFTER INSERT ON person BEGIN
  INSERT INTO person_search (rowid, address, name, scope) VALUES (new.number, new.address, new.name,
    hex(new.domain) || ' ' || hex(new.domain || ' ' || new.organizer));
END;

CREATE TRIGGER person_removed AFTER DELETE ON person BEGIN
  INSERT INTO person_search (person_search, rowid, address, name, scope)
    VALUES ('delete', old.number, old.address, old.name,
    hex(old.domain) || ' ' || hex(old.domain || ' ' || old.organizer));
END;

CREATE TRIGGER person_handed_over AFTER UPDATE OF organizer ON person BEGIN
  INSERT INTO person_search (person_search, rowid, address, name, scope)
    VALUES ('delete', old.number, old.address, old.name,
    hex(old.domain) || ' ' || hex(old.domain || ' ' || old.organizer));
  INSERT INTO person_search (rowid, address, name, scope) VALUES (new.number, new.address, new.name,
    hex(new.domain) || ' ' || hex(new.domain || ' ' || new.organizer));
END;

-- An organizer who is erased stays as an owner without a name.
CREATE TRIGGER organizer_renamed AFTER UPDATE OF address ON organizer
WHEN old.address <> new.address BEGIN
  UPDATE organizer_count SET organizer = new.address
  WHERE domain = old.domain AND organizer = old.address;
  UPDATE organizer_receipts SET organizer = new.address
  WHERE domain = old.domain AND organizer = old.address;
  UPDATE feed SET organizer = new.address WHERE domain = old.domain AND organizer = old.address;
  UPDATE person SET organizer = new.address WHERE domain = old.domain AND organizer = old.address;
END;
