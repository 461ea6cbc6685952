"""What the scenarios of ses-simulator do, seen over the wire. Argument: the build folder."""
import concurrent.futures
import email.utils
import glob
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from simulator_run import Scenario, Simulator, calendar, message, program, signed

BUILD = sys.argv.pop(1)
FAN = 'fan0001@fans.example'
READY = os.path.join(os.path.dirname(__file__), '../../examples/ses-simulator/scenarios')


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
                ({'faults': [{'do': 'drop', 'messages': [5, 4]}]},
                 'faults[0].messages[1]: expected'),
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
            with Scenario(BUILD, scenario) as simulator:
                got = simulator.invite(FAN, 'uid-1', 'a-1')
                self.assertEqual(got[:2], (status, error))
                self.assertEqual(got[2].get('message'), text)
                counts = simulator.counts()
                self.assertEqual((counts['accepted'], counts['refused']), (0, {error: 1}))
                self.assertEqual(simulator.files('mails'), [])

    def test_a_gateway_error_is_a_page_and_no_answer_of_ses(self):
        with Scenario(BUILD, fault('error', status=502)) as simulator:
            connection = simulator.connect()
            with self.assertRaises(json.JSONDecodeError):
                simulator.send(FAN, message(FAN, calendar(FAN, 'uid-1')), connection)
            self.assertEqual(simulator.counts()['refused'], {'error': 1})

    def test_an_answer_may_be_lost_whole_or_half_after_the_mail_was_accepted(self):
        for do, error in (('drop', http.client.RemoteDisconnected),
                          ('half-answer', http.client.IncompleteRead)):
            for transport in ([], ['--plain-http']):
                with Scenario(BUILD, fault(do), *transport) as simulator:
                    with self.assertRaises(error):
                        simulator.send(FAN, message(FAN, calendar(FAN, 'uid-1')),
                                       simulator.connect())
                    counts = simulator.counts()
                self.assertEqual((counts['accepted'], counts['accepted_without_answer']), (1, 1))

    def test_a_dropped_request_need_not_have_been_accepted(self):
        with Scenario(BUILD, fault('drop', accept=False)) as simulator:
            with self.assertRaises(http.client.RemoteDisconnected):
                simulator.send(FAN, message(FAN, calendar(FAN, 'uid-1')), simulator.connect())
            counts = simulator.counts()
        self.assertEqual((counts['accepted'], counts['refused']), (0, {'drop': 1}))

    def test_an_error_may_hide_that_the_mail_was_accepted(self):
        with Scenario(BUILD, fault('error', status=500, accept=True, tries=1)) as simulator:
            self.assertEqual(simulator.invite(FAN, 'uid-1', 'a-1')[:2], (500, 'InternalFailure'))
            self.assertEqual(simulator.invite(FAN, 'uid-1', 'a-2')[0], 200)
            counts = simulator.counts()
        self.assertEqual((counts['accepted'], counts['accepted_without_answer']), (2, 1))
        self.assertEqual(counts['message_keys_by_copies'], {'2': 1})

    def test_windows_count_messages(self):
        with Scenario(BUILD, fault('throttle', messages=[3, 5])) as simulator:
            got = [simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] for i in range(1, 8)]
        self.assertEqual(got, [200, 200, 429, 429, 429, 200, 200])

    def test_windows_go_by_simulated_time(self):
        clock = {'start': '2027-01-15T09:30:00.000Z', 'speed': 0, 'step_ms': 1000}
        with Scenario(BUILD, {'clock': clock, **fault('throttle', seconds=[2, 4])}) as simulator:
            got = [simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] for i in range(1, 6)]
            times = [e['mail']['timestamp'] for e in simulator.lines('notifications.jsonl')
                     if e['eventType'] == 'Send']
        self.assertEqual(got, [200, 429, 429, 200, 200])
        self.assertEqual(times, [f'2027-01-15T09:30:0{i}.000Z' for i in (1, 4, 5)])

    def test_a_share_is_hit_by_seed_and_message_in_whatever_order_they_come(self):
        def hit(seed, order):
            share = fault('error', status=503, percent=30)
            with Scenario(BUILD, share, '--seed', seed) as simulator:
                return {i for i in order
                        if simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] != 200}
        first = hit('5', range(100))
        self.assertTrue(15 <= len(first) <= 45, first)
        self.assertEqual(hit('5', reversed(range(100))), first)
        self.assertNotEqual(hit('6', range(100)), first)

    def test_latency_delays_every_answer_and_slow_ones_more(self):
        with Scenario(BUILD, {'latency': {'min_ms': 50, 'max_ms': 60},
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
        with Scenario(BUILD, {'account': {'max_send_rate': 14, 'max_24_hours': 50000,
                                          'sent_24_hours': 7, 'enforcement': 'PROBATION'}}
                      ) as simulator:
            account = simulator.call('GET', '/v2/email/account')[2]
        self.assertEqual(account['SendQuota'], {'Max24HourSend': 50000.0, 'MaxSendRate': 14.0,
                                                'SentLast24Hours': 7.0})
        self.assertEqual(account['EnforcementStatus'], 'PROBATION')

    def test_a_suspension_shows_while_it_lasts(self):
        with Scenario(BUILD, fault('suspend', messages=[2, 2])) as simulator:
            seen = []
            for i in range(3):
                account = simulator.call('GET', '/v2/email/account')[2]
                seen.append((account['EnforcementStatus'], account['SendingEnabled'],
                             simulator.invite(FAN, f'uid-{i}', f'a-{i}')[1]))
        self.assertEqual(seen, [('HEALTHY', True, None),
                                ('SHUTDOWN', False, 'AccountSuspendedException'),
                                ('HEALTHY', True, None)])

    def test_the_sandbox_sends_to_verified_addresses_and_to_the_mailbox_simulator(self):
        sandbox = {'production_access': False, 'verified': [FAN]}
        with Scenario(BUILD, {'account': sandbox}) as simulator:
            got = [simulator.invite(to, 'uid', 'a')[1]
                   for to in (FAN, 'x@fans.example', 'success@simulator.amazonses.com')]
            account = simulator.call('GET', '/v2/email/account')[2]
        self.assertEqual(got, [None, 'MessageRejected', None])
        self.assertIs(account['ProductionAccessEnabled'], False)

    def test_the_day_ends_in_simulated_time(self):
        clock = {'start': '2027-01-15T09:30:00.000Z', 'speed': 0, 'step_ms': 6 * 3600 * 1000}
        with Scenario(BUILD, {'clock': clock, 'account': {'max_24_hours': 2}}) as simulator:
            got = [simulator.invite(FAN, f'uid-{i}', f'a-{i}')[0] for i in range(6)]
        self.assertEqual(got, [200, 200, 400, 400, 200, 200])

    def test_a_skewed_clock_shows_in_the_date_and_in_what_is_refused(self):
        with Scenario(BUILD, {'clock': {'skew_seconds': 3600}}) as simulator:
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
        with Scenario(BUILD, {'account': {'max_24_hours': 0}}) as simulator:
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
        with Scenario(BUILD, {'account': {'suppressed': [FAN]}}) as simulator:
            simulator.invite(FAN.upper(), 'uid', 'a')
            bounce = simulator.lines('notifications.jsonl')[1]['bounce']
        self.assertEqual(bounce['bounceSubType'], 'OnAccountSuppressionList')


class Counting(unittest.TestCase):
    def test_copies_are_told_per_attempt_and_per_key(self):
        with Scenario(BUILD, {}, '--keep', 'counts') as simulator:
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
        with Scenario(BUILD, {}, '--keep', 'counts', '--plain-http') as simulator:
            for i in range(2000):
                simulator.invite(FAN, f'uid-{i}', f'a-{i}')
            simulator.invite(FAN, 'uid-0', 'a-0')
            told = simulator.counts()
        self.assertEqual(told['attempts_by_copies'], {'1': 1999, '2': 1})
        self.assertEqual(told['message_keys_by_copies'], {'1': 1999, '2': 1})

    def test_counts_come_back_after_a_kill_from_the_ledger_alone(self):
        with Scenario(BUILD, {}, '--keep', 'ledger') as first:
            for i in range(5):
                first.invite(FAN, f'uid-{i}', f'a-{i}')
            told = first.counts()
            first.end(signal.SIGKILL)
            with Scenario(BUILD, {}, '--keep', 'ledger', directory=first.directory) as second:
                self.assertEqual(second.counts(), told)
                second.invite(FAN, 'uid-0', 'a-0')
                self.assertEqual(second.counts(attempt_id='a-0'), {'copies': 2})

    def test_a_signature_that_is_not_proven_is_taken_as_it_is(self):
        with Scenario(BUILD, {}, '--verify', '0') as simulator:
            self.assertEqual(simulator.call('GET', '/v2/email/account', secret='wrong')[0], 200)
            self.assertEqual(simulator.call('GET', '/v2/email/account', key='nobody')[0], 403)

    def test_512_connections_are_served_at_once(self):
        with Scenario(BUILD, {'latency': {'min_ms': 300}}, '--keep', 'counts') as simulator:
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


if __name__ == '__main__':
    unittest.main()
