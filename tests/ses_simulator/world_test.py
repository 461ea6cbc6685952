"""What ses-simulator lets happen to a mail: SES events and people's replies. Argument: the build
folder."""
import collections
import copy
import email
import email.policy
import json
import os
import re
import sys
import unittest

import icalendar

from simulator_run import ORGANIZER, Simulator, calendar, message

BUILD = sys.argv.pop(1)
EVENTS = os.path.join(os.path.dirname(__file__), '../../../shared/aws/events')
PEOPLE = [f'fan{i:04d}@fans.example' for i in range(1, 301)]


def shape(value):
    """Names and types; lists by their first element."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def outcomes(simulator):
    return {address: [entry['outcome'] for entry in entries]
            for address, entries in simulator.ledger()['addresses'].items()}


def parts(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return mail, [part for part in mail.walk() if part.get_content_type() == 'text/calendar']


def content(part):
    return part.get_payload(decode=True)


class Events(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(BUILD, '--seed', '3', '--bounce', '10', '--complaint', '5')
        for i, address in enumerate(PEOPLE):
            status, _, answer = cls.simulator.invite(address, f'uid-{i}', f'attempt-{i}')
            assert status == 200, answer
        cls.events = collections.defaultdict(list)
        for event in cls.simulator.lines('notifications.jsonl'):
            cls.events[event['mail']['messageId']].append(event)

    @classmethod
    def tearDownClass(cls):
        cls.simulator.__exit__()

    def test_every_mail_is_sent_and_then_delivered_bounced_or_complained_about(self):
        expected = {'delivered': ['Send', 'Delivery'], 'bounced': ['Send', 'Bounce'],
                    'complained': ['Send', 'Delivery', 'Complaint']}
        ledger = self.simulator.ledger()
        for address, entries in ledger['addresses'].items():
            events = self.events[entries[0]['message_id']]
            self.assertEqual([e['eventType'] for e in events], expected[entries[0]['outcome']])
            for event in events:
                self.assertEqual(event['mail']['destination'], [address])
        totals = ledger['totals']
        self.assertEqual(totals['deliveries'] + totals['bounces'], len(PEOPLE))
        self.assertTrue(15 <= totals['bounces'] <= 50, totals)
        self.assertTrue(5 <= totals['complaints'] <= 30, totals)

    def test_the_tags_come_back_as_lists(self):
        for number, (address, entries) in enumerate(self.simulator.ledger()['addresses'].items()):
            for event in self.events[entries[0]['message_id']]:
                tags = event['mail']['tags']
                self.assertEqual(tags['attempt_id'], [f'attempt-{number}'], address)
                self.assertEqual(tags['domain'], ['league'])
                self.assertEqual(tags['ses:configuration-set'], ['invites'])
                self.assertEqual(tags['ses:from-domain'], ['reply.league.example'])

    def test_the_headers_are_those_submitted(self):
        mail = next(iter(self.events.values()))[0]['mail']
        self.assertIn({'name': 'Content-Type', 'value': 'multipart/mixed; boundary="outer"'},
                      mail['headers'])
        self.assertEqual(mail['commonHeaders'],
                         {'from': [f'League Fixtures <{ORGANIZER}>'], 'to': [PEOPLE[0]],
                          'subject': 'Invitation', 'messageId': '<one@league.example>'})
        self.assertIs(mail['headersTruncated'], False)

    def test_the_records_have_the_shape_that_ses_documents(self):
        if not os.path.isdir(EVENTS):
            print(f'skipped: no samples at {EVENTS}')
            return
        seen = {event['eventType']: event for events in self.events.values() for event in events}
        for kind, sample in (('Send', 'send'), ('Delivery', 'delivery'),
                             ('Bounce', 'bounce-permanent-general'),
                             ('Complaint', 'complaint-abuse')):
            with open(f'{EVENTS}/event-{sample}.json', encoding='utf-8') as file:
                expected = json.load(file)
            got = copy.deepcopy(seen[kind])
            for record in (expected, got):  # what depends on the mail, not on SES
                record['mail'].pop('commonHeaders')
                record['mail']['tags'] = {name: value for name, value
                                          in record['mail']['tags'].items() if ':' in name}
            self.assertEqual(shape(got), shape(expected), kind)
            self.assertRegex(got['mail']['timestamp'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')

    def test_the_same_seed_gives_the_same_people(self):
        with Simulator(BUILD, '--seed', '3', '--bounce', '10', '--complaint', '5') as again:
            for address in reversed(PEOPLE):
                again.invite(address, 'uid-other', 'attempt-other', sequence=4)
            self.assertEqual(outcomes(again), outcomes(self.simulator))
        with Simulator(BUILD, '--seed', '4', '--bounce', '10', '--complaint', '5') as other:
            for address in PEOPLE:
                other.invite(address, 'uid-other', 'attempt-other')
            self.assertNotEqual(outcomes(other), outcomes(self.simulator))

    def test_long_headers_are_truncated(self):
        long = [f'X-Long-{i}: ' + 'a' * 900 for i in range(15)]
        raw = message(PEOPLE[0], calendar(PEOPLE[0], 'uid-0'), headers=long)
        with Simulator(BUILD) as simulator:
            self.assertEqual(simulator.send(PEOPLE[0], raw)[0], 200)
            mail = simulator.lines('notifications.jsonl')[0]['mail']
        self.assertIs(mail['headersTruncated'], True)
        self.assertLess(len(mail['headers']), 20)


class Replies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(BUILD, '--seed', '11', '--reply', '60', '--bounce', '5')
        occurrence = 'RECURRENCE-ID;TZID=Europe/Berlin:20270320T180000'
        for i, address in enumerate(PEOPLE):
            extra = (occurrence,) if i % 3 == 0 else ()
            cls.simulator.invite(address, f'uid-{i:04d}@copies.example', f'attempt-{i}', 2,
                                 extra=extra)
        cls.replies = {address: entries[0]['reply'] for address, entries
                       in cls.simulator.ledger()['addresses'].items() if entries[0]['reply']}

    @classmethod
    def tearDownClass(cls):
        cls.simulator.__exit__()

    def test_a_share_answers_with_every_program_and_every_answer(self):
        totals = self.simulator.ledger()['totals']
        self.assertTrue(130 <= len(self.replies) <= 220, len(self.replies))
        self.assertEqual(set(totals['replies']['partstat']), {'ACCEPTED', 'DECLINED', 'TENTATIVE'})
        self.assertEqual(set(totals['replies']['prodid']), {
            '-//Google Inc//Google Calendar 70.9054//EN', 'Microsoft Exchange Server 2010',
            '-//Apple Inc.//macOS 14.5//EN', '-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN'})
        self.assertEqual(sum(totals['replies']['partstat'].values()), len(self.replies))
        self.assertEqual(self.simulator.files('replies'),
                         sorted(reply['file'] for reply in self.replies.values()))

    def test_who_bounces_does_not_answer(self):
        for entries in self.simulator.ledger()['addresses'].values():
            self.assertFalse(entries[0]['outcome'] == 'bounced' and entries[0]['reply'])

    def test_every_reply_is_a_reply_to_the_copy_it_answers(self):
        for i, address in enumerate(PEOPLE):
            if address not in self.replies:
                continue
            reply = self.replies[address]
            mail, calendars = parts(self.simulator.read('replies', reply['file']))
            self.assertEqual(len(calendars), 1)
            self.assertEqual(calendars[0].get_param('method').upper(), 'REPLY')
            self.assertEqual(mail['To'].addresses[0].addr_spec, ORGANIZER)
            self.assertEqual(mail['From'].addresses[0].addr_spec, reply['from'])
            self.assertTrue(mail['Date'].datetime and mail['Message-ID'] and mail['Subject'])

            parsed = icalendar.Calendar.from_ical(content(calendars[0]))
            self.assertEqual((parsed['METHOD'], parsed['PRODID']), ('REPLY', reply['prodid']))
            event, = parsed.walk('VEVENT')
            self.assertEqual(event['UID'], f'uid-{i:04d}@copies.example')
            self.assertEqual(event['SEQUENCE'], 2)
            self.assertEqual(str(event['ATTENDEE']).lower(), 'mailto:' + address)
            self.assertEqual(event['ATTENDEE'].params['PARTSTAT'], reply['partstat'])
            self.assertIn('Fan Ærø', event['ATTENDEE'].params['CN'])
            self.assertIn('Löwen – Bären, Rückspiel', str(event['SUMMARY']))
            self.assertEqual(event['DTSTART'].dt.isoformat(), '2027-03-20T19:30:00+01:00')
            self.assertEqual('RECURRENCE-ID' in event, i % 3 == 0)
            if i % 3 == 0:
                self.assertEqual(event['RECURRENCE-ID'].dt.isoformat(), '2027-03-20T18:00:00+01:00')
            if 'Microsoft' in reply['prodid']:
                self.assertNotIn('ORGANIZER', event)
                self.assertEqual(event['X-MICROSOFT-CDO-APPT-SEQUENCE'], '2')
            else:
                self.assertEqual(str(event['ORGANIZER']), 'mailto:' + ORGANIZER)

    def test_each_program_has_its_own_shape(self):
        shapes = {}
        for reply in self.replies.values():
            mail, calendars = parts(self.simulator.read('replies', reply['file']))
            types = [part.get_content_type() for part in mail.walk()]
            ends = 'CRLF' if b'\r\n' in content(calendars[0]) else 'LF'
            shapes.setdefault(reply['prodid'].split('//')[-1 if '//' not in reply['prodid'] else 1],
                              set()).add((' '.join(types), calendars[0]['Content-Transfer-Encoding']
                                          .lower(), ends))
        self.assertEqual(shapes, {
            'Google Inc': {('multipart/mixed multipart/alternative text/plain text/html '
                            'text/calendar application/ics', 'quoted-printable', 'CRLF')},
            'Microsoft Exchange Server 2010': {('multipart/alternative text/plain text/calendar',
                                                'base64', 'CRLF')},
            'Apple Inc.': {('multipart/alternative text/plain text/calendar', 'base64', 'LF')},
            'Mozilla.org/NONSGML Mozilla Calendar V1.1': {
                ('multipart/mixed multipart/alternative text/plain text/calendar application/ics',
                 '8bit', 'CRLF')}})

    def test_lines_of_replies_are_folded_and_short(self):
        for reply in self.replies.values():
            raw = self.simulator.read('replies', reply['file'])
            self.assertNotRegex(raw.replace(b'\r\n', b''), rb'[\r\n]')
            self.assertLessEqual(max(len(line) for line in raw.split(b'\r\n')), 998)
            text = content(parts(raw)[1][0])
            self.assertLessEqual(max(len(line) for line in re.split(rb'\r?\n', text)), 75)

    def test_some_answer_from_another_account_but_never_as_another_attendee(self):
        other = {address: reply for address, reply in self.replies.items()
                 if reply['from'] != address}
        self.assertTrue(0 < len(other) < 20, other)
        for reply in other.values():
            self.assertIn('Apple', reply['prodid'])
            self.assertTrue(reply['from'].endswith('@mail.example'))

    def test_answers_are_kept_over_updates_but_for_a_few(self):
        with Simulator(BUILD, '--seed', '11', '--reply', '100') as simulator:
            for sequence in (0, 1, 2):
                for i, address in enumerate(PEOPLE):
                    simulator.invite(address, f'uid-{i}', f'a-{i}-{sequence}', sequence)
            addresses = simulator.ledger()['addresses']
        changes = collections.Counter()
        for entries in addresses.values():
            answers = [entry['reply']['partstat'] for entry in entries]
            for before, after in zip(answers, answers[1:]):
                changes[before, before != after] += 1
        changed = sum(count for (_, differs), count in changes.items() if differs)
        self.assertTrue(0 < changed < 60, changes)
        self.assertLess(changes['DECLINED', True], changes['DECLINED', False] / 20)

    def test_only_requests_that_ask_are_answered_and_each_revision_once(self):
        with Simulator(BUILD, '--reply', '100') as simulator:
            address = PEOPLE[0]
            asked = calendar(address, 'uid-1')
            simulator.send(address, message(address, asked), attempt='one')
            simulator.send(address, message(address, asked), attempt='two')
            told = calendar(address, 'uid-1', 1, partstat='ACCEPTED')
            simulator.send(address, message(address, told), attempt='three')
            simulator.invite(address, 'uid-1', 'four', 2, 'CANCEL')
            entries = simulator.ledger()['addresses'][address]
        self.assertEqual([bool(entry['reply']) for entry in entries], [True, False, False, False])


if __name__ == '__main__':
    unittest.main()
