-- What becomes of people who answer what was passed on to them: hold, accept or refuse.
ALTER TABLE domain ADD COLUMN shared_attendees TEXT NOT NULL DEFAULT 'hold';

-- By which channel a fact came that waits for its send.
ALTER TABLE orphan ADD COLUMN channel TEXT NOT NULL DEFAULT '';

-- The history of one attendee, by time.
CREATE INDEX receipt_history ON receipt (domain, event, address, time);
