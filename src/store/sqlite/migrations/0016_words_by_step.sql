-- What is searched by its words enters the index once for a durable step. Row by row, as the triggers
-- of 0014 did it, each row made FTS5 write a piece of the index, which cost more than all else.
ALTER TABLE event_number ADD COLUMN unindexed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN unindexed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_number_unindexed ON event_number (number) WHERE unindexed = 1;
CREATE INDEX person_unindexed ON person (number) WHERE unindexed = 1;

DROP TRIGGER attendee_added;
DROP TRIGGER attendee_renamed;
DROP TRIGGER event_added;
DROP TRIGGER event_reworded;
DROP TRIGGER person_added;
DROP TRIGGER person_removed;
DROP TRIGGER person_handed_over;

CREATE TRIGGER attendee_added AFTER INSERT ON attendee BEGIN
  SELECT count_attendee(1, new.domain, new.event, new.origin, new.prodid, new.partstat, new.kinds,
                        new.uninvited, new.suppressed);
  INSERT INTO person (domain, organizer, address, name, unindexed)
    SELECT new.domain, e.organizer, new.address, new.name, 1 FROM event AS e
    WHERE e.domain = new.domain AND e.uid = new.event ON CONFLICT DO NOTHING;
END;

-- Whose address is taken away is erased, and is mailed no more.
CREATE TRIGGER attendee_renamed AFTER UPDATE OF address, name ON attendee
WHEN old.address <> new.address OR old.name <> new.name BEGIN
  UPDATE attendee SET suppressed = 1
  WHERE domain = new.domain AND event = new.event AND address = new.address
  AND substr(new.address, -15) = '@erased.invalid';
  INSERT INTO person (domain, organizer, address, name, unindexed)
    SELECT new.domain, e.organizer, new.address, new.name, 1 FROM event AS e
    WHERE e.domain = new.domain AND e.uid = new.event ON CONFLICT DO NOTHING;
  DELETE FROM person WHERE domain = old.domain AND address = old.address AND name = old.name
  AND NOT EXISTS (
    SELECT 1 FROM attendee AS a JOIN event AS e ON e.domain = a.domain AND e.uid = a.event
    WHERE a.domain = old.domain AND a.address = old.address AND a.name = old.name
    AND e.organizer = person.organizer);
END;

CREATE TRIGGER event_added AFTER INSERT ON event BEGIN
  SELECT note_event(new.domain, new.uid), note_words();
  INSERT INTO event_number (domain, uid, unindexed) VALUES (new.domain, new.uid, 1);
END;

CREATE TRIGGER event_reworded AFTER UPDATE OF summary, description, location, organizer ON event
WHEN old.summary <> new.summary OR old.description <> new.description
OR old.location <> new.location OR old.organizer <> new.organizer BEGIN
  INSERT INTO event_search (event_search, rowid, summary, description, location, uid, scope)
    SELECT 'delete', n.number, old.summary, old.description, old.location, old.uid,
    hex(old.domain) || ' ' || hex(old.domain || ' ' || old.organizer)
    FROM event_number AS n WHERE n.domain = old.domain AND n.uid = old.uid AND n.unindexed = 0;
  UPDATE event_number SET unindexed = 1 WHERE domain = new.domain AND uid = new.uid;
  SELECT note_words();
END;

CREATE TRIGGER person_added AFTER INSERT ON person BEGIN
  SELECT note_words();
END;

CREATE TRIGGER person_removed AFTER DELETE ON person WHEN old.unindexed = 0 BEGIN
  INSERT INTO person_search (person_search, rowid, address, name, scope)
    VALUES ('delete', old.number, old.address, old.name,
    hex(old.domain) || ' ' || hex(old.domain || ' ' || old.organizer));
END;

CREATE TRIGGER person_handed_over AFTER UPDATE OF organizer ON person WHEN old.unindexed = 0 BEGIN
  INSERT INTO person_search (person_search, rowid, address, name, scope)
    VALUES ('delete', old.number, old.address, old.name,
    hex(old.domain) || ' ' || hex(old.domain || ' ' || old.organizer));
  UPDATE person SET unindexed = 1 WHERE number = new.number;
  SELECT note_words();
END;
