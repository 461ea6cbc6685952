-- What the calendar object of an event says besides.
ALTER TABLE event ADD COLUMN conference TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN reminder INTEGER NOT NULL DEFAULT -1;  -- minutes; -1: none
ALTER TABLE event ADD COLUMN transparent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN wants_answers INTEGER NOT NULL DEFAULT 1;
ALTER TABLE event ADD COLUMN counters_allowed INTEGER NOT NULL DEFAULT 1;
-- How a domain's mails are written.
ALTER TABLE domain ADD COLUMN description_limit INTEGER NOT NULL DEFAULT 4000;
ALTER TABLE domain ADD COLUMN cancelled_status_on_uninvite INTEGER NOT NULL DEFAULT 1;
