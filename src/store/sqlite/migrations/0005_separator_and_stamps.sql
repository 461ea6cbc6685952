-- What stands between the local part and the token of a domain's organizer addresses: + or -.
ALTER TABLE domain ADD COLUMN separator TEXT NOT NULL DEFAULT '+';
-- DTSTAMP of the attempt that was last about to leave: the next one of its copy is later.
ALTER TABLE outbox ADD COLUMN dtstamp INTEGER NOT NULL DEFAULT 0;
