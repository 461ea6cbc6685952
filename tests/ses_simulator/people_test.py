"""Who sits behind an address in a scenario of ses-simulator, and what comes back. Argument: build
folder."""
import email
import email.policy
import http.server
import os
import signal
import sys
import threading
import unittest

import icalendar

from simulator_run import ORGANIZER, Scenario, Simulator, calendar, message

BUILD = sys.argv.pop(1)
FAN = 'fan0001@fans.example'
READY = os.path.join(os.path.dirname(__file__), '../../examples/ses-simulator/scenarios')


def calendars_of(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return [icalendar.Calendar.from_ical(part.get_payload(decode=True)) for part in mail.walk()
            if part.get_content_type() == 'text/calendar']


class People(unittest.TestCase):
    def test_each_program_answers_in_its_own_words(self):
        prodids = {'google': 'Google', 'outlook': 'Microsoft', 'apple': 'Apple', 'yahoo': 'Yahoo',
                   'thunderbird': 'Mozilla'}
        addresses = {f'*@{name}.example': name for name in prodids}
        with Scenario(BUILD, {'recipients': {'addresses': addresses}}) as simulator:
            for name, prodid in prodids.items():
                simulator.invite(f'fan@{name}.example', f'uid-{name}', name)
                reply = simulator.ledger()['addresses'][f'fan@{name}.example'][0]['reply']
                self.assertIn(prodid, reply['prodid'])
                parsed, = calendars_of(simulator.read('replies', reply['file']))
                event, = parsed.walk('VEVENT')
                self.assertEqual((parsed['METHOD'], event['UID']), ('REPLY', f'uid-{name}'))
                self.assertEqual(event['ATTENDEE'].lower(), f'mailto:fan@{name}.example')

    def test_a_party_crasher_answers_as_somebody_else(self):
        with Scenario(BUILD, {'recipients': {'addresses': {
                '*@fans.example': 'silent', FAN: 'party-crasher'}}}) as simulator:
            simulator.invite(FAN, 'uid-1', 'a-1')
            reply = simulator.ledger()['addresses'][FAN][0]['reply']
            parsed, = calendars_of(simulator.read('replies', reply['file']))
        event, = parsed.walk('VEVENT')
        self.assertEqual((event['UID'], event['ATTENDEE'].lower()),
                         ('uid-1', 'mailto:' + reply['from']))
        self.assertNotEqual(reply['from'], FAN)

    def test_a_mail_server_may_bounce_by_mail(self):
        with Scenario(BUILD, {'recipients': {'addresses': {FAN: 'bounce-mail'}}}) as simulator:
            simulator.invite(FAN, 'uid-1', 'a-1')
            raw = simulator.read('replies', simulator.files('replies')[0])
        report = email.message_from_bytes(raw)
        self.assertEqual((report.get_content_type(), report.get_param('report-type')),
                         ('multipart/report', 'delivery-status'))
        self.assertEqual(report['To'], ORGANIZER)
        self.assertEqual(report.get_payload(1).get_payload(1)['Final-Recipient'], f'rfc822; {FAN}')

    def test_shares_are_of_addresses_and_decided_by_seed(self):
        shares = {'recipients': {'shares': {'silent': 50, 'bounce': 50}}}
        def bounced(seed):
            with Scenario(BUILD, shares, '--seed', seed) as simulator:
                for i in range(60):
                    simulator.invite(f'fan{i}@fans.example', f'uid-{i}', f'a-{i}')
                return [to for to, entries in simulator.ledger()['addresses'].items()
                        if entries[0]['outcome'] == 'bounced']
        self.assertTrue(15 <= len(bounced('1')) <= 45)
        self.assertEqual(bounced('1'), bounced('1'))
        self.assertNotEqual(bounced('1'), bounced('2'))

    def test_a_scanner_opens_every_link_on_this_machine_only(self):
        asked = []

        class Site(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append((self.headers['Host'].split(':')[0], self.path))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        site = http.server.HTTPServer(('127.0.0.1', 0), Site)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        port = site.server_port
        raw = message(FAN, calendar(FAN, 'uid-1')).replace(
            b'You are invited.', f'http://127.0.0.1:{port}/a?b=1&amp;c=2 '
            f'<https://cal.example/r/x>, https://elsewhere.example/. http://127.0.0.1:{port}/a?b=1'
            .encode())
        with Scenario(BUILD, {'recipients': {'addresses': {FAN: 'scanner'}},
                       'hosts': {'cal.example': port}}) as simulator:
            simulator.send(FAN, raw)
            self.assertEqual(simulator.end(), 0)
            visits = simulator.lines('visits.jsonl')
        site.shutdown()
        site.server_close()
        self.assertEqual(asked, [('127.0.0.1', '/a?b=1&c=2'), ('cal.example', '/r/x'),
                                 ('127.0.0.1', '/a?b=1')])
        self.assertEqual([(v['url'], v.get('status'), v.get('problem')) for v in visits], [
            (f'http://127.0.0.1:{port}/a?b=1&c=2', 204, None),
            ('https://cal.example/r/x', 204, None),
            ('https://elsewhere.example/', None, 'not served by this machine'),
            (f'http://127.0.0.1:{port}/a?b=1', 204, None)])


class Events(unittest.TestCase):
    @staticmethod
    def records(scenario, count=40):
        with Scenario(BUILD, {'events': scenario}) as simulator:
            for i in range(count):
                simulator.invite(FAN, f'uid-{i}', f'a-{i}')
            simulator.flush()
            return [(e['mail']['tags']['attempt_id'][0], e['eventType'])
                    for e in simulator.lines('notifications.jsonl')]

    def test_records_come_twice_and_shuffled_but_none_is_lost(self):
        plain = self.records({})
        mixed = self.records({'duplicate_percent': 30, 'shuffle': 16})
        self.assertEqual(len(plain), 80)
        self.assertEqual(set(mixed), set(plain))
        self.assertTrue(90 <= len(mixed) <= 120, len(mixed))
        self.assertNotEqual(list(dict.fromkeys(mixed)), plain)
        early = mixed.index(('a-1', 'Delivery')), mixed.index(('a-1', 'Send'))
        self.assertLess(max(early), 60)  # within its block
        self.assertEqual(self.records({'duplicate_percent': 100}),
                         [record for record in plain for _ in range(2)])

    def test_a_kill_loses_no_records(self):
        shuffled = {'events': {'shuffle': 8}}
        with Scenario(BUILD, shuffled) as first:
            for i in range(11):
                first.invite(FAN, f'uid-{i}', f'a-{i}')
            self.assertEqual(len(first.lines('notifications.jsonl')), 16)
            first.end(signal.SIGKILL)
            with Scenario(BUILD, shuffled, directory=first.directory) as second:
                second.flush()
                events = second.lines('notifications.jsonl')
        self.assertEqual(len({(e['mail']['messageId'], e['eventType']) for e in events}), 22)
        self.assertEqual(len(events), 22)


class Replaying(unittest.TestCase):
    @staticmethod
    def run_once(seed):
        with Simulator(BUILD, '--seed', seed, '--scenario', READY + '/replay.json') as simulator:
            answers = []
            for i in range(120):
                to = 'left@fans.example' if i % 40 == 7 else f'fan{i % 50}@fans.example'
                got = simulator.invite(to, f'uid-{i % 70}', f'a-{i}')
                answers.append((got[0], got[1], got[2]))
            simulator.end()
            files = {name: simulator.read('.', name)
                     for name in ('ledger.jsonl', 'ledger.json', 'notifications.jsonl',
                                  'counts.json')}
            files.update({name: simulator.read('replies', name)
                          for name in simulator.files('replies')})
        return answers, files

    def test_the_same_seed_leaves_the_same_ledger_records_and_replies(self):
        answers, files = self.run_once('42')
        again, files_again = self.run_once('42')
        self.assertEqual(again, answers)
        self.assertEqual(sorted(files_again), sorted(files))
        for name, content in files.items():
            self.assertTrue(content, name)
            self.assertEqual(files_again[name], content, name)
        self.assertTrue({200, 429, 500, 503} <= {status for status, _, _ in answers})
        other, files_other = self.run_once('43')
        self.assertNotEqual(other, answers)
        self.assertNotEqual(files_other['notifications.jsonl'], files['notifications.jsonl'])


if __name__ == '__main__':
    unittest.main()
