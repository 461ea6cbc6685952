-- Bit n is set when a receipt of kind n about this attendee was counted against the domain: a soft
-- bounce before a hard one must not hide it. Until now every bounce stood for one that was counted.
ALTER TABLE attendee ADD COLUMN harmed INTEGER NOT NULL DEFAULT 0;
UPDATE attendee SET harmed = kinds;
-- Whether a fact counts against the domain once its send is known.
ALTER TABLE orphan ADD COLUMN harmful INTEGER NOT NULL DEFAULT 0;
