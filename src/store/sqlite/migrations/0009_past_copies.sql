-- What copies of an event that nobody holds any more were told, asked on each change of the event.
CREATE INDEX past_copy_event ON past_copy (domain, event, address);
