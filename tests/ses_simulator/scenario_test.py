"""What the scenarios of ses-simulator do, seen over the wire. Argument: the build folder."""
import concurrent.futures
import email.utils
import glob
import http.client
import http.server
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

from simulator_run import ORGANIZER, Simulator, calendar, message, program, signed
from world_shapes import calendars_of

BUILD = sys.argv.pop(1)
FAN = 'fan0001@fans.example'
READY = os.path.join(os.path.dirname(__file__), '../../examples/ses-simulator/scenarios')


class Scenario(Simulator):
    """A run of a scenario given as Python values."""

    def __init__(self, scenario, *options, **more):
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            json.dump(scenario, file)
            file.flush()
            super().__init__(BUILD, '--scenario', file.name, *options, **more)

    def counts(self, **query):
        return self.request('GET', '/simulator/counts?' + urllib.parse.urlencode(query))[2]

    def flush(self):
        self.request('POST', '/simulator/flush')


def fault(do, **more):
    return {'faults': [{'do': do, **more}]}


def refusal_of(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'scenario.json')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        run = subprocess.run([program(BUILD), '--out', folder, '--scenario', path],
                             capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 2, run
    return run.stderr.strip().removeprefix(path + ': ')


class Reading(unittest.TestCase):
    def test_what_is_unknown_or_wrong_is_told_with_its_place(self):
        for scenario, expected in (
                ({'fautls': []}, 'fautls: unknown; expected one of account, clock,'),
                ({'faults': [{'do': 'drop'}, {'do': 'drop', 'procent': 3}]},
                 'faults[1].procent: unknown; expected one of accept, do, messages, ms, percent'),
                ({'faults': [{'do': 'explode'}]}, 'faults[0].do: expected one of throttle,'),
                ({'faults': [{'do': 'slow', 'accept': False}]}, 'faults[0].accept: unknown'),
                ({'faults': [{'do': 'drop', 'percent': 101}]},
                 'faults[0].percent: expected a number from 0.0 to 100.0'),
                ({'faults': [{'do': 'drop', 'messages': [5, 4]}]}, 'faults[0].messages[1]: expected'),
                ({'clock': {'start': 'today'}}, 'clock.start: expected a time like'),
                ({'account': {'enforcement': 'GOOD'}}, 'account.enforcement: expected HEALTHY'),
                ({'recipients': {'shares': {'google': 60, 'apple': 41}}},
                 'recipients.shares: expected at most 100 percent'),
                ({'recipients': {'addresses': {'*': 'lotus'}}},
                 'recipients.addresses.*: expected one of anyone,'),
                ({'events': {'shuffle': 0}}, 'events.shuffle: expected a whole number from 1'),
                ({'hosts': {'cal.example': 70000}}, 'hosts.cal.example: expected a port'),
                ([], 'the document: expected an object')):
            self.assertTrue(refusal_of(json.dumps(scenario)).startswith(expected),
                            (refusal_of(json.dumps(scenario)), expected))
        self.assertIn('line 2, column 3', refusal_of('{"name": "x",\n  }'))

    def test_every_scenario_that_comes_with_it_is_read(self):
        files = sorted(glob.glob(READY + '/*.json'))
        self.assertGreaterEqual(len(files), 8)
        for path in files:
            with Simulator(BUILD, '--scenario', path) as simulator:
                self.assertEqual(simulator.end(), 0, path)


class Faults(unittest.TestCase):
    def test_refusals_look_as_those_of_ses_and_accept_nothing(self):
        for scenario, status, error, text in (
                (fault('throttle'), 429, 'TooManyRequestsException',
                 'Maximum sending rate exceeded.'),
                (fault('daily-quota'), 400, 'LimitExceededException',
                 'Daily message quota exceeded.'),
                (fault('suspend'), 400, 'AccountSuspendedException',
                 'Your account has been suspended.'),
                (fault('pause'), 400, 'SendingPausedException',
                 'Email sending is paused for this account.'),
                (fault('error', status=503), 503, 'ServiceUnavailable', None),
                (fault('error', status=400, type='MailFromDomainNotVerifiedException'), 400,
                 'MailFromDomainNotVerifiedException', None)):
            with Scenario(scenario) as simulator:
                got = simulator.invite(FAN, 'uid-1', 'a-1')
                self.assertEqual(got[:2], (status, error))
                self.assertEqual(got[2].get('message'), text)
                counts = simulator.counts()
                self.assertEqual((counts['accepted'], counts['refused']), (0, {error: 1}))
                self.assertEqual(simulator.files('mails'), [])

    def test_a_gateway_error_is_a_page_and_no_answer_of_ses(self):
        with Scenario(fault('error', status=502)) as simulator:
            connection = simulator.connect()
            with self.assertRaises(json.JSONDecodeError):
                simulator.send(FAN, message(FAN, calendar(FAN, 'uid-1')), connection)
            self.assertEqual(simulator.counts()['refused'], {'error': 1})

    def test_an_answer_may_be_lost_whole_or_half_after_the_mail_was_accepted(self):
        for do, error in (('drop', http.client.RemoteDisconnected),
                          ('half-answer', http.client.IncompleteRead)):
            for transport in ([], ['--plain-http']):
                with Scenario(fault(do), *transport) as simulator:
                    with self.assertRaises(error):
                        simulator.send(FAN, message(FAN, calendar(FAN, 'uid-1')),
                                       simulator.connect())
                    counts = simulator.counts()
                self.assertEqual((counts['accepted'], counts['accepted_without_answer']), (1, 1))

    def test_a_dropped_request_need_not_have_been_accepted(self):
        with Scenario(fault('drop', accept=False)) as simulator:
            with self.assertRaises(http.client.RemoteDisconnected):
                simulator.send(FAN, message(FAN, calendar(FAN, 'uid-1')), simulator.connect())
            counts = simulator.counts()
        self.assertEqual((counts['accepted'], counts['refused']), (0, {'drop': 1}))

    def test_an_error_may_hide_that_the_mail_was_accepted(self):
        with Scenario(fault('error', status=500, accept=True, tries=1)) as simulator:
            self.assertEqual(simulator.invite(FAN, 'uid-1', 'a-1')[:2], (500, 'InternalFailure'))
            self.assertEqual(simulator.invite(FAN, 'uid-1', 'a-2')[0], 200)
            counts = simulator.counts()
        self.assertEqual((counts['accepted'], counts['accepted_without_answer']), (2, 1))
        self.assertEqual(counts['message_keys_by_copies'], {'2': 1})

    def test_windows_count_messages(self):
        with Scenario(fault('throttle', messages=[3, 5])) as simulator:
            got = [simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] for i in range(1, 8)]
        self.assertEqual(got, [200, 200, 429, 429, 429, 200, 200])

    def test_windows_go_by_simulated_time(self):
        clock = {'start': '2027-01-15T09:30:00.000Z', 'speed': 0, 'step_ms': 1000}
        with Scenario({'clock': clock, **fault('throttle', seconds=[2, 4])}) as simulator:
            got = [simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] for i in range(1, 6)]
            times = [e['mail']['timestamp'] for e in simulator.lines('notifications.jsonl')
                     if e['eventType'] == 'Send']
        self.assertEqual(got, [200, 429, 429, 200, 200])
        self.assertEqual(times, [f'2027-01-15T09:30:0{i}.000Z' for i in (1, 4, 5)])

    def test_a_share_is_hit_by_seed_and_message_in_whatever_order_they_come(self):
        def hit(seed, order):
            with Scenario(fault('error', status=503, percent=30), '--seed', seed) as simulator:
                return {i for i in order
                        if simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] != 200}
        first = hit('5', range(100))
        self.assertTrue(15 <= len(first) <= 45, first)
        self.assertEqual(hit('5', reversed(range(100))), first)
        self.assertNotEqual(hit('6', range(100)), first)

    def test_latency_delays_every_answer_and_slow_ones_more(self):
        with Scenario({'latency': {'min_ms': 50, 'max_ms': 60},
                       **fault('slow', ms=400, messages=[2, 2])}) as simulator:
            simulator.call('GET', '/v2/email/account')
            spent = []
            for i in range(2):
                start = time.monotonic()
                self.assertEqual(simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0], 200)
                spent.append(time.monotonic() - start)
        self.assertGreaterEqual(spent[0], 0.05)
        self.assertGreaterEqual(spent[1], 0.45)


class Account(unittest.TestCase):
    def test_it_is_as_the_scenario_has_it(self):
        with Scenario({'account': {'max_send_rate': 14, 'max_24_hours': 50000, 'sent_24_hours': 7,
                                   'enforcement': 'PROBATION'}}) as simulator:
            account = simulator.call('GET', '/v2/email/account')[2]
        self.assertEqual(account['SendQuota'], {'Max24HourSend': 50000.0, 'MaxSendRate': 14.0,
                                                'SentLast24Hours': 7.0})
        self.assertEqual(account['EnforcementStatus'], 'PROBATION')

    def test_a_suspension_shows_while_it_lasts(self):
        with Scenario(fault('suspend', messages=[2, 2])) as simulator:
            seen = []
            for i in range(3):
                account = simulator.call('GET', '/v2/email/account')[2]
                seen.append((account['EnforcementStatus'], account['SendingEnabled'],
                             simulator.invite(FAN, f'uid-{i}', f'a-{i}')[1]))
        self.assertEqual(seen, [('HEALTHY', True, None),
                                ('SHUTDOWN', False, 'AccountSuspendedException'),
                                ('HEALTHY', True, None)])

    def test_the_sandbox_sends_to_verified_addresses_and_to_the_mailbox_simulator(self):
        with Scenario({'account': {'production_access': False, 'verified': [FAN]}}) as simulator:
            got = [simulator.invite(to, 'uid', 'a')[1]
                   for to in (FAN, 'x@fans.example', 'success@simulator.amazonses.com')]
            account = simulator.call('GET', '/v2/email/account')[2]
        self.assertEqual(got, [None, 'MessageRejected', None])
        self.assertIs(account['ProductionAccessEnabled'], False)

    def test_the_day_ends_in_simulated_time(self):
        clock = {'start': '2027-01-15T09:30:00.000Z', 'speed': 0, 'step_ms': 6 * 3600 * 1000}
        with Scenario({'clock': clock, 'account': {'max_24_hours': 2}}) as simulator:
            got = [simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] for i in range(6)]
        self.assertEqual(got, [200, 200, 400, 400, 200, 200])

    def test_a_skewed_clock_shows_in_the_date_and_in_what_is_refused(self):
        with Scenario({'clock': {'skew_seconds': 3600}}) as simulator:
            connection = simulator.connect()
            headers = signed('GET', simulator.url + '/v2/email/account')
            connection.request('GET', '/v2/email/account', headers=headers)
            answer = connection.getresponse()
            date = email.utils.parsedate_to_datetime(answer.getheader('Date'))
            self.assertIn(b'Signature expired', answer.read())
            self.assertTrue(3500 < date.timestamp() - time.time() < 3700, date)
            self.assertEqual(simulator.call('GET', '/v2/email/account', shift=3600)[0], 200)

    def test_simulator_addresses_do_what_they_say_and_cost_no_quota(self):
        expected = {'success': ['Send', 'Delivery'], 'bounce': ['Send', 'Bounce'],
                    'complaint': ['Send', 'Delivery', 'Complaint'],
                    'suppressionlist': ['Send', 'Bounce'], 'ooto': ['Send', 'Delivery']}
        with Scenario({'account': {'max_24_hours': 0}}) as simulator:
            for name in expected:
                to = f'{name}+label-1@simulator.amazonses.com'
                self.assertEqual(simulator.invite(to, 'uid-' + name, name)[0], 200)
            events = simulator.lines('notifications.jsonl')
            self.assertEqual(simulator.invite(FAN, 'uid', 'x')[1], 'LimitExceededException')
            replies = simulator.files('replies')
            away = simulator.read('replies', replies[0])
        for name, kinds in expected.items():
            self.assertEqual([e['eventType'] for e in events
                              if e['mail']['tags']['attempt_id'] == [name]], kinds)
        self.assertEqual([e['bounce']['bounceSubType'] for e in events if 'bounce' in e],
                         ['General', 'Suppressed'])
        self.assertEqual(len(replies), 1)
        self.assertIn(b'Auto-Submitted: auto-replied\r\n', away)

    def test_the_suppression_list_of_the_account_bounces(self):
        with Scenario({'account': {'suppressed': [FAN]}}) as simulator:
            simulator.invite(FAN.upper(), 'uid', 'a')
            bounce = simulator.lines('notifications.jsonl')[1]['bounce']
        self.assertEqual(bounce['bounceSubType'], 'OnAccountSuppressionList')


class Counting(unittest.TestCase):
    def test_copies_are_told_per_attempt_and_per_key(self):
        with Scenario({}, '--keep', 'counts') as simulator:
            for attempt, uid, sequence in (('a', 'u1', 0), ('a', 'u1', 0), ('b', 'u1', 0),
                                           ('c', 'u1', 1), ('d', 'u2', 0)):
                simulator.invite(FAN, uid, attempt, sequence)
            key = {'to': FAN.upper(), 'uid': 'u1', 'sequence': 0, 'method': 'REQUEST'}
            self.assertEqual(simulator.counts(**key), {'copies': 3})
            self.assertEqual(simulator.counts(**{**key, 'method': 'CANCEL'}), {'copies': 0})
            self.assertEqual(simulator.counts(attempt_id='a'), {'copies': 2})
            self.assertEqual(simulator.counts(attempt_id='nobody'), {'copies': 0})
            told = simulator.counts()
            self.assertEqual(simulator.end(), 0)
            with open(f'{simulator.directory}/counts.json', encoding='utf-8') as file:
                self.assertEqual(json.load(file), told)
            self.assertFalse(os.path.exists(f'{simulator.directory}/mails'))
        self.assertEqual((told['accepted'], told['attempts'], told['message_keys']), (5, 4, 3))
        self.assertEqual(told['attempts_by_copies'], {'1': 3, '2': 1})
        self.assertEqual(told['message_keys_by_copies'], {'1': 2, '3': 1})

    def test_the_counts_grow_without_losing_any(self):
        with Scenario({}, '--keep', 'counts', '--plain-http') as simulator:
            for i in range(2000):
                simulator.invite(FAN, f'uid-{i}', f'a-{i}')
            simulator.invite(FAN, 'uid-0', 'a-0')
            told = simulator.counts()
        self.assertEqual(told['attempts_by_copies'], {'1': 1999, '2': 1})
        self.assertEqual(told['message_keys_by_copies'], {'1': 1999, '2': 1})

    def test_counts_come_back_after_a_kill_from_the_ledger_alone(self):
        with Scenario({}, '--keep', 'ledger') as first:
            for i in range(5):
                first.invite(FAN, f'uid-{i}', f'a-{i}')
            told = first.counts()
            first.end(signal.SIGKILL)
            with Scenario({}, '--keep', 'ledger', directory=first.directory) as second:
                self.assertEqual(second.counts(), told)
                second.invite(FAN, 'uid-0', 'a-0')
                self.assertEqual(second.counts(attempt_id='a-0'), {'copies': 2})

    def test_a_signature_that_is_not_proven_is_taken_as_it_is(self):
        with Scenario({}, '--verify', '0') as simulator:
            self.assertEqual(simulator.call('GET', '/v2/email/account', secret='wrong')[0], 200)
            self.assertEqual(simulator.call('GET', '/v2/email/account', key='nobody')[0], 403)

    def test_512_connections_are_served_at_once(self):
        with Scenario({'latency': {'min_ms': 300}}, '--keep', 'counts') as simulator:
            def opened(_):
                connection = simulator.connect()
                connection.connect()
                return connection
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                connections = list(pool.map(opened, range(512)))
            for _ in range(2):  # kept alive
                for connection in connections:
                    headers = signed('GET', simulator.url + '/v2/email/account')
                    connection.request('GET', '/v2/email/account', headers=headers)
                answers = [connection.getresponse() for connection in connections]
                self.assertEqual({answer.status for answer in answers}, {200})
                for answer in answers:
                    answer.read()
            self.assertEqual(simulator.counts()['account_requests'], 1024)
            for connection in connections:
                connection.close()


class People(unittest.TestCase):
    def test_each_program_answers_in_its_own_words(self):
        prodids = {'google': 'Google', 'outlook': 'Microsoft', 'apple': 'Apple', 'yahoo': 'Yahoo',
                   'thunderbird': 'Mozilla'}
        addresses = {f'*@{name}.example': name for name in prodids}
        with Scenario({'recipients': {'addresses': addresses}}) as simulator:
            for name, prodid in prodids.items():
                simulator.invite(f'fan@{name}.example', f'uid-{name}', name)
                reply = simulator.ledger()['addresses'][f'fan@{name}.example'][0]['reply']
                self.assertIn(prodid, reply['prodid'])
                parsed, = calendars_of(simulator.read('replies', reply['file']))
                event, = parsed.walk('VEVENT')
                self.assertEqual((parsed['METHOD'], event['UID']), ('REPLY', f'uid-{name}'))
                self.assertEqual(event['ATTENDEE'].lower(), f'mailto:fan@{name}.example')

    def test_a_party_crasher_answers_as_somebody_else(self):
        with Scenario({'recipients': {'addresses': {
                '*@fans.example': 'silent', FAN: 'party-crasher'}}}) as simulator:
            simulator.invite(FAN, 'uid-1', 'a-1')
            reply = simulator.ledger()['addresses'][FAN][0]['reply']
            parsed, = calendars_of(simulator.read('replies', reply['file']))
        event, = parsed.walk('VEVENT')
        self.assertEqual((event['UID'], event['ATTENDEE'].lower()),
                         ('uid-1', 'mailto:' + reply['from']))
        self.assertNotEqual(reply['from'], FAN)

    def test_a_mail_server_may_bounce_by_mail(self):
        with Scenario({'recipients': {'addresses': {FAN: 'bounce-mail'}}}) as simulator:
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
            with Scenario(shares, '--seed', seed) as simulator:
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
        with Scenario({'recipients': {'addresses': {FAN: 'scanner'}},
                       'hosts': {'cal.example': port}}) as simulator:
            simulator.send(FAN, raw)
            self.assertEqual(simulator.end(), 0)
            visits = simulator.lines('visits.jsonl')
        site.shutdown()
        site.server_close()
        self.assertEqual(asked, [('127.0.0.1', '/a?b=1&c=2'), ('cal.example', '/r/x'),
                                 ('127.0.0.1', '/a?b=1')])
        self.assertEqual([(v['url'], v.get('status'), v.get('problem')) for v in visits], [
            (f'http://127.0.0.1:{port}/a?b=1&c=2', 204, None), ('https://cal.example/r/x', 204, None),
            ('https://elsewhere.example/', None, 'not served by this machine'),
            (f'http://127.0.0.1:{port}/a?b=1', 204, None)])


class Events(unittest.TestCase):
    @staticmethod
    def records(scenario, count=40):
        with Scenario({'events': scenario}) as simulator:
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
        with Scenario(shuffled) as first:
            for i in range(11):
                first.invite(FAN, f'uid-{i}', f'a-{i}')
            self.assertEqual(len(first.lines('notifications.jsonl')), 16)
            first.end(signal.SIGKILL)
            with Scenario(shuffled, directory=first.directory) as second:
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
