"""What reports say of each address, held against the ledger of the SES stand-in."""
import csv
import io
import json
import os
import sys
import unittest
from collections import Counter

from program import Program, simulator_run

BUILD = sys.argv.pop(1)
WORDS = {'ACCEPTED': 'accepted', 'DECLINED': 'declined', 'TENTATIVE': 'tentative'}
CLIENTS = {'google': 'Google', 'outlook': 'Outlook', 'apple': 'Apple', 'yahoo': 'Yahoo', 'thunderbird': 'Thunderbird'}
KINDS = [*CLIENTS, 'bounce', 'complaint', 'silent', 'party-crasher', 'out-of-office', 'bounce-mail']
# What SES reports of a message that came to this end.
REPORTED = {'delivered': ['delivered'], 'bounced': ['bounced'], 'complained': ['delivered', 'complained']}


class ReceiptsTest(unittest.TestCase):
    def setUp(self):
        self.program = Program(BUILD)
        self.addCleanup(self.program.__exit__)
        self.program.add_league()

    def history(self, event, address):
        return self.program.lines('report', event, '--attendee', address)

    def rows(self, event):
        return {row['email']: row for row in csv.DictReader(io.StringIO(self.program.text('report', event, '--format', 'csv')))}

    def send(self, people, **scenario):
        ses = self.enterContext(simulator_run.Scenario(BUILD, scenario, '--seed', '11'))
        self.program.use(ses.url, ses.ready['ca'])
        event = self.program.event()
        self.program.lines('invite', event, '--list', self.program.write('fans.txt', '\n'.join(people)), '--yes')
        self.program.lines('dispatch')
        ses.flush()
        return ses, event

    def test_the_report_of_each_address_is_the_ledgers(self):
        people = [f'{kind}{n}@{kind}.example' for kind in KINDS for n in range(4)]
        ses, event = self.send(people, recipients={
            'addresses': {f'*@{kind}.example': kind for kind in KINDS}, 'answer_percent': 75},
            events={'duplicate_percent': 30, 'shuffle': 7})
        notifications = os.path.join(ses.directory, 'notifications.jsonl')
        replies = [os.path.join(ses.directory, 'replies', name) for name in ses.files('replies')]
        # One is not reported delivered yet.
        waits = 'silent0@silent.example'
        with open(notifications, encoding='utf-8') as file:
            early = [line for line in file if not (waits in line and json.loads(line)['eventType'] == 'Delivery')]
        self.program.run('ingest', self.program.write('early.jsonl', ''.join(early)), *replies)
        self.assertEqual(self.rows(event)[waits]['delivery'], 'accepted')
        for _ in range(2):  # again it changes nothing
            self.program.run('ingest', notifications, *replies)

        ledger, rows = ses.ledger()['addresses'], self.rows(event)
        self.assertEqual(sorted(rows), sorted(people))
        self.assertEqual(sorted(address for address in ledger if address != 'fixtures@league.example'), sorted(people))
        seen = Counter()
        for address, row in rows.items():
            with self.subTest(address):
                kind = address.split('@')[1].removesuffix('.example')
                message, = ledger[address]
                reply = message['reply'] or {}
                self.assertEqual(row['delivery'], 'bounced' if kind == 'bounce-mail' else message['outcome'])
                answers = kind in CLIENTS and bool(reply)
                self.assertEqual(row['status'], WORDS[reply['partstat']] if answers else 'noaction')
                # What a spreadsheet could take for a formula is quoted.
                self.assertEqual((row['prodid'].removeprefix("'"), row['client']),
                                 (reply['prodid'], CLIENTS[kind]) if answers else ('', ''))
                seen[row['delivery'], row['status']] += 1

                history = self.history(event, address)
                kinds = Counter((line['kind'], line['channel']) for line in history)
                expected = Counter([('queued', ''), ('accepted', ''), ('accepted', 'ses')])
                expected.update((word, 'ses') for word in REPORTED[message['outcome']])
                expected.update({('replied', 'mail'): int(answers or kind == 'party-crasher' and bool(reply))})
                expected.update({('bounced', 'mail'): int(kind == 'bounce-mail')})
                self.assertEqual(kinds, +expected)
                self.assertEqual([line['time'] for line in history], sorted(line['time'] for line in history))
                self.assertEqual({line['message_id'] for line in history if line['channel'] == 'ses'},
                                 {message['message_id']})
                self.assertEqual({line['attempt_id'] for line in history if line['attempt_id']}, {message['attempt_id']})
                for line in history:
                    if line['kind'] == 'replied' and answers:
                        self.assertEqual((line['status'], line['client'], line['evidence']),
                                         (WORDS[reply['partstat']], CLIENTS[kind], 'unverified'))
        # The mix is what it is meant to be.
        self.assertGreaterEqual({delivery for delivery, _ in seen}, {'delivered', 'bounced', 'complained'})
        self.assertGreaterEqual({status for _, status in seen}, {'accepted', 'declined', 'noaction'})
        statistics = self.program.lines('report', event)[0]
        self.assertEqual(statistics['delivery'], Counter(row['delivery'] for row in rows.values()))
        counted = [row for row in rows.values() if row['delivery'] == 'delivered']
        self.assertEqual(+Counter(statistics['rsvp']), Counter(row['status'] for row in counted))

    def test_who_was_passed_an_invitation_on_is_held_taken_or_refused(self):
        for policy in ('hold', 'accept', 'refuse'):
            with self.subTest(policy):
                domain = self.program.lines('domain', 'set', 'league', '--shared-attendees', policy)[0]
                self.assertEqual(domain['shared_attendees'], policy)
                fan = f'{policy}@club.example'
                ses, event = self.send([fan], recipients={'addresses': {fan: 'party-crasher'}, 'answer_percent': 100})
                reply = ses.ledger()['addresses'][fan][0]['reply']
                mail = os.path.join(ses.directory, 'replies', ses.files('replies')[0])
                code, items, _ = self.program.run('ingest', mail, '--as', reply['from'])
                outcome, code_wanted = {'hold': ('recorded', 0), 'accept': ('replied', 0), 'refuse': ('refused', 1)}[policy]
                self.assertEqual((items[0]['outcome'], code), (outcome, code_wanted))
                rows = self.rows(event)
                self.assertEqual(rows[fan]['status'], 'noaction')
                self.assertEqual(len(rows), 2 if policy == 'accept' else 1)
                shared = [line['shared'] for line in self.program.lines('event', 'show', event)[1:]]
                self.assertEqual(shared, [reply['attendee']] if policy == 'hold' else [])
                self.program.lines('dispatch')
                self.assertEqual(reply['attendee'] in ses.ledger()['addresses'], policy == 'accept')
                if policy == 'accept':
                    self.assertEqual(rows[reply['attendee']]['origin'], 'shared')
                    self.assertEqual(rows[reply['attendee']]['status'], WORDS[reply['partstat']])
        self.assertEqual(self.program.run('domain', 'set', 'league', '--shared-attendees', 'perhaps')[0], 2)

    def test_a_history_is_read_by_people_and_programs(self):
        _, event = self.send(['a@example.com', 'b@example.com'])
        lines = self.history(event, 'A@example.com')
        self.assertEqual([line['kind'] for line in lines], ['queued', 'accepted'])
        self.assertEqual(list(lines[0]), ['time', 'kind', 'channel', 'evidence', 'sequence', 'method', 'status', 'client',
                                          'prodid', 'comment', 'proposal', 'detail', 'attempt_id', 'message_id'])
        self.assertIn('  accepted', self.program.text('report', event, '--attendee', 'a@example.com'))
        code, lines, errors = self.program.run('report', event, '--attendee', 'c@example.com')
        self.assertEqual((code, lines), (1, []))
        self.assertIn('not invited', errors)
        self.assertEqual(self.program.run('report', '--attendee', 'a@example.com')[0], 2)
        self.assertEqual(self.program.run('report', event, '--attendee', 'a@example.com', '--mail')[0], 2)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
