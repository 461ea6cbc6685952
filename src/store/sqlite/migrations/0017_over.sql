-- When an event is over, as an instant (over_at): what past, future and quotas compare; NULL: it goes
-- on. Kept by triggers, whoever changes what it is made from.
ALTER TABLE event ADD COLUMN over INTEGER;
UPDATE event
  SET over = event_over(start, "end", timezone, all_day, rrule, exdates, overrides);
CREATE TRIGGER event_over_added AFTER INSERT ON event BEGIN
  UPDATE event
  SET over = event_over(start, "end", timezone, all_day, rrule, exdates, overrides)
  WHERE domain = new.domain AND uid = new.uid;
END;
CREATE TRIGGER event_over_changed
AFTER UPDATE OF start, "end", timezone, all_day, rrule, exdates, overrides ON event BEGIN
  UPDATE event
  SET over = event_over(start, "end", timezone, all_day, rrule, exdates, overrides)
  WHERE domain = new.domain AND uid = new.uid;
END;

-- What sorted lists of events walk along, of a domain and of one organizer; `over` is in them so that
-- what is left out is not looked up.
DROP INDEX event_start;
DROP INDEX event_created;
DROP INDEX event_changed;
CREATE INDEX event_start ON event (domain, start, uid, over);
CREATE INDEX event_created ON event (domain, created, uid, over);
CREATE INDEX event_changed ON event (domain, changed, uid, over);
CREATE INDEX event_organizer_start ON event (domain, organizer, start, uid, over);
CREATE INDEX event_organizer_created ON event (domain, organizer, created, uid, over);
CREATE INDEX event_organizer_changed ON event (domain, organizer, changed, uid, over);

-- One organizer's figures, without those of the whole domain. Rows are found here and read where
-- they are: a count that changes changes no index.
CREATE INDEX organizer_count_own ON organizer_count (domain, organizer, subject, word);
CREATE INDEX organizer_receipts_own ON organizer_receipts (domain, organizer, unit, start, kind);

-- Whose ring a link is verified by.
CREATE INDEX signing_key_id ON signing_key (id, domain);

-- A table that goes with a notice.
ALTER TABLE notice ADD COLUMN csv TEXT NOT NULL DEFAULT '';
