-- What is searched by its words enters the index once for a durable step. Row by row, as the triggers
-- of 0014 did it, each row made FTS5 write a piece of the index, which cost more than all else.
ALTER TABLE event_number ADD COLUMN unindexed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE person ADD COLUMN unindexed INTEGER NOT NULL DEFAULT 1;
UPDATE event_number SET unindexed = 0;
UPDATE person SET unindexed = 0;
CREATE INDEX event_number_unindexed ON event_number (number) WHERE unindexed = 1;
CREATE INDEX person_unindexed ON person (number) WHERE unindexed = 1;

DROP TRIGGER event_added;
DROP TRIGGER event_reworded;
DROP TRIGGER person_added;
DROP TRIGGER person_removed;
DROP TRIGGER person_handed_over;

CREATE TRIGGER event_added AFTER INSERT ON event BEGIN
  SELECT note_event(new.domain, new.uid), note_words();
  INSERT INTO event_number (domain, uid) VALUES (new.domain, new.uid);
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
