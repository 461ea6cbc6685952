"""Reads the mails that ses-simulator's people send."""
import email
import email.policy

import icalendar


def calendars_of(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return [icalendar.Calendar.from_ical(part.get_payload(decode=True)) for part in mail.walk()
            if part.get_content_type() == 'text/calendar']
