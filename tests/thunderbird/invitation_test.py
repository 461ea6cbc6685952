"""Thunderbird takes our mails for what they are: what it shows of an invitation, an update and a
cancellation, what its buttons do to its calendar, and that we understand the answers it sends.

    invitation_test.py BUILD [--picture FILE]    FILE: a PNG of the invitation as it is shown
"""
import argparse
import glob
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'cli'))
from outgoing import Outgoing  # noqa: E402
from program import ORGANIZER, Program  # noqa: E402
from thunderbird import PATIENCE_SECONDS, Thunderbird, wait_for  # noqa: E402

FAN = 'fan0001@example.com'
ANSWERS = ['Accept', 'Tentative', 'Decline', 'More']

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('build')
parser.add_argument('--picture', metavar='FILE')
options, sys.argv[1:] = parser.parse_known_args()


class InvitationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = cls.enterClassContext(Program(options.build))
        cls.outgoing = cls.enterClassContext(Outgoing())
        cls.thunderbird = cls.enterClassContext(Thunderbird(FAN, cls.outgoing.port))
        cls.program.add_league()
        cls.spool = os.path.join(cls.program.directory, 'spool')

    def mail(self):
        """The one mail that is due."""
        before = set(glob.glob(f'{self.spool}/new/*.eml'))
        self.program.lines('dispatch', '--transport', f'spool:{self.spool}')
        (path,) = set(glob.glob(f'{self.spool}/new/*.eml')) - before
        with open(path, 'rb') as file:
            return file.read()

    def invite(self, event):
        self.program.lines('invite', event, '--to', f'Fan 0001 <{FAN}>', '--yes')
        return self.thunderbird.show(self.mail())

    def create(self, summary):
        return self.program.lines(
            'event', 'create', '--organizer', ORGANIZER, '--summary', summary,
            '--location', 'Harbour Ground, Gate 3', '--start', '2037-05-08T19:30', '--end', '2037-05-08T21:15',
            '--timezone', 'Europe/Berlin', '--description', 'Bring a scarf; gates open at 18:00.')[0]['uid']

    def held(self, summary):
        """What Thunderbird's calendar holds by that summary."""
        return [event for event in self.thunderbird.events() if event['summary'] == summary]

    def press(self, button):
        """Presses an answer; what ingesting the mail that Thunderbird then sends comes to."""
        self.thunderbird.press(button)
        answer = os.path.join(self.program.directory, 'answer.eml')
        with open(answer, 'wb') as file:
            file.write(self.outgoing.mails.get(timeout=PATIENCE_SECONDS))
        return self.program.lines('ingest', answer)[0]

    def answers(self, event):
        return self.program.lines('report', event)[0]['rsvp']

    def test_an_invitation_its_update_and_its_cancellation_reach_the_calendar(self):
        event = self.create('Harbour v Hill')
        shown = self.invite(event)
        if options.picture:
            with open(options.picture, 'wb') as file:
                file.write(self.thunderbird.picture())
        self.assertEqual(shown['label'], 'This message contains an invitation to an event.')
        self.assertEqual(shown['buttons'], ANSWERS)
        self.assertEqual(shown['rows']['summary'], 'Harbour v Hill')
        self.assertEqual(shown['rows']['location'], 'Harbour Ground, Gate 3')
        self.assertEqual(shown['rows']['when'], 'Friday, May 8, 2037, 19:30 – 21:15')
        self.assertRegex(shown['rows']['organizer'], r'^League Office <cal\+\w+@reply\.league\.example>$')
        self.assertIn('Bring a scarf; gates open at 18:00.', shown['rows']['description'])
        self.assertEqual(self.held('Harbour v Hill'), [])

        answer = self.press('Accept')
        self.assertEqual((answer['outcome'], answer['event']), ('replied', event))
        self.assertEqual(self.answers(event)['accepted'], 1)
        (first,) = self.held('Harbour v Hill')
        self.assertEqual(first, {
            'uid': answer['item'], 'summary': 'Harbour v Hill', 'location': 'Harbour Ground, Gate 3',
            'start': '20370508T193000', 'end': '20370508T211500', 'instant': '20370508T173000Z',
            'timezone': 'Europe/Berlin', 'attendees': [[f'mailto:{FAN}', 'ACCEPTED']]})

        self.program.lines('update', event, '--start', '2037-11-08T20:00', '--end', '2037-11-08T21:45', '--yes')
        shown = self.thunderbird.show(self.mail())
        self.assertEqual(shown['label'], 'This message contains an update to an existing event.')
        self.assertEqual(shown['buttons'], ANSWERS)
        self.assertEqual(shown['rows']['when'].splitlines(), [
            'Sunday, November 8, 2037, 20:00 – 21:45', 'Friday, May 8, 2037, 19:30 – 21:15'])
        self.assertEqual(self.answers(event)['noaction'], 1)
        self.press('Accept')
        self.assertEqual(self.answers(event)['accepted'], 1)
        self.assertEqual(self.held('Harbour v Hill'), [{
            **first, 'start': '20371108T200000', 'end': '20371108T214500', 'instant': '20371108T190000Z'}])

        self.program.lines('event', 'cancel', event)
        shown = self.thunderbird.show(self.mail())
        self.assertEqual(shown['label'], 'This message contains an event cancellation.')
        self.assertEqual(shown['buttons'], ['Delete'])
        self.assertEqual(shown['rows']['when'], 'Sunday, November 8, 2037, 20:00 – 21:45')
        self.thunderbird.press('Delete')
        wait_for('the event to go', lambda: not self.held('Harbour v Hill'))
        self.assertTrue(self.outgoing.mails.empty())

    def test_maybe_and_no_are_answers_too(self):
        event = self.create('Training')
        self.invite(event)
        self.assertEqual(self.press('Tentative')['outcome'], 'replied')
        self.assertEqual(self.answers(event)['tentative'], 1)
        self.assertEqual(self.held('Training')[0]['attendees'], [[f'mailto:{FAN}', 'TENTATIVE']])
        declined = self.create('Meeting')
        self.invite(declined)
        self.assertEqual(self.press('Decline')['outcome'], 'replied')
        self.assertEqual(self.answers(declined)['declined'], 1)

    def test_the_dates_of_a_series_keep_their_hour_when_the_clocks_change(self):
        calendar = self.program.write('series.ics', '\r\n'.join([
            'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Client 1//EN', 'METHOD:REQUEST', 'BEGIN:VEVENT',
            'UID:rounds-1', 'DTSTAMP:20260101T100000Z', f'ORGANIZER:mailto:{ORGANIZER}', 'SUMMARY:Rounds',
            'DTSTART;TZID=Europe/Berlin:20370322T193000', 'DTEND;TZID=Europe/Berlin:20370322T211500',
            'RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;TZID=Europe/Berlin:20370405T193000',
            'END:VEVENT', 'END:VCALENDAR', '']))
        event = self.program.lines('ingest', calendar, '--as', ORGANIZER)[0]['event']
        self.assertEqual(self.invite(event)['label'], 'This message contains an invitation to an event.')
        self.assertEqual(self.press('Accept all')['outcome'], 'replied')
        self.assertEqual([round['instant'] for round in self.held('Rounds')],
                         ['20370322T183000Z', '20370329T173000Z', '20370412T173000Z'])


if __name__ == '__main__':
    unittest.main()
