"""What ses-simulator accepts, refuses and counts, seen over the wire. Argument: the build folder.
"""
import base64
import concurrent.futures
import http.client
import importlib.util
import json
import os
import signal
import subprocess
import sys
import unittest

from simulator_run import (KEY, SECRET, SEND, Simulator, calendar, message, program, send_body,
                           signed)

BUILD = sys.argv.pop(1)
FAN = 'fan0001@fans.example'
JSON = {'Content-Type': 'application/json'}
VERIFIER = os.path.join(os.path.dirname(__file__), '../../../shared/aws/golden/sigv4_verify.py')


def raw_mail(headers=(), ics=None):
    return message(FAN, ics or calendar(FAN, 'uid-0001'), headers=headers)


class Signatures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(BUILD, '--secret', f'{KEY}={SECRET}', '--secret', 'AKIDTWO=b')
        cls.body = json.dumps(send_body(FAN, raw_mail())).encode()

    @classmethod
    def tearDownClass(cls):
        cls.simulator.__exit__()

    def refused(self, expected, body=None, headers=None, **signing):
        sign = signed('POST', self.simulator.url + SEND, self.body, {**JSON, **(headers or {})},
                      **signing)
        status, error, _ = self.simulator.request('POST', SEND, body or self.body, sign)
        self.assertEqual((status, error), (403, expected))

    def test_every_known_key_may_sign(self):
        for key, secret in ((KEY, SECRET), ('AKIDTWO', 'b')):
            status, error, answer = self.simulator.call('POST', SEND, self.body, JSON, key=key,
                                                        secret=secret)
            self.assertEqual((status, error), (200, None))
            self.assertRegex(answer['MessageId'], r'^0100[0-9a-f]{12}-[0-9a-f]{8}-[0-9a-f]{4}-'
                                                  r'4[0-9a-f]{3}-[89ab][0-9a-f]{3}-'
                                                  r'[0-9a-f]{12}-000000$')

    def test_a_session_token_and_a_body_hash_are_taken_when_signed(self):
        import hashlib
        headers = {**JSON, 'X-Amz-Security-Token': 'Token+/=',
                   'X-Amz-Content-SHA256': hashlib.sha256(self.body).hexdigest()}
        status, error, _ = self.simulator.call('POST', SEND, self.body, headers)
        self.assertEqual((status, error), (200, None))

    def test_a_wrong_secret_is_refused(self):
        self.refused('InvalidSignatureException', secret=SECRET + 'x')

    def test_an_altered_body_is_refused(self):
        self.refused('InvalidSignatureException', body=self.body.replace(b'league', b'Xeague'))

    def test_an_unknown_key_is_refused(self):
        self.refused('UnrecognizedClientException', key='AKIDOTHER')

    def test_another_service_is_refused(self):
        self.refused('InvalidSignatureException', service='email')

    def test_a_clock_more_than_five_minutes_off_is_refused(self):
        for shift in (-310, 310):
            self.refused('InvalidSignatureException', shift=shift)
        status, _, _ = self.simulator.call('POST', SEND, self.body, JSON, shift=-280)
        self.assertEqual(status, 200)

    def test_the_refusal_of_an_old_date_tells_both_times(self):
        _, _, answer = self.simulator.call('POST', SEND, self.body, JSON, shift=-600)
        self.assertRegex(answer['message'], r'^Signature expired: \d{8}T\d{6}Z is now earlier than '
                                            r'\d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$')

    def test_what_must_be_signed_is_refused_unsigned(self):
        for name, value in (('Content-Type', 'application/json'), ('X-Amz-Meta', 'x')):
            sign = signed('POST', self.simulator.url + SEND, self.body)
            status, error, _ = self.simulator.request('POST', SEND, self.body,
                                                      {**sign, name: value})
            self.assertEqual((status, error), (403, 'InvalidSignatureException'), name)

    def test_a_false_body_hash_is_refused(self):
        self.refused('InvalidSignatureException', headers={'X-Amz-Content-SHA256': '0' * 64})

    def test_no_authorization_and_half_an_authorization_are_told_apart(self):
        self.assertEqual(self.simulator.request('POST', SEND, self.body, JSON)[:2],
                         (403, 'MissingAuthenticationTokenException'))
        half = {**JSON, 'Authorization': 'AWS4-HMAC-SHA256 Credential=x', 'X-Amz-Date': 'soon'}
        self.assertEqual(self.simulator.request('POST', SEND, self.body, half)[:2],
                         (403, 'IncompleteSignatureException'))

    def test_paths_are_encoded_twice_and_queries_sorted(self):
        for target in ('/v2/email/suppression/addresses/jane%2Bcal%2F%C3%A9%40example.net',
                       '/v2/email/suppression/addresses?Reason=BOUNCE&PageSize=10&NextToken=a%2Bb'):
            self.assertEqual(self.simulator.call('GET', target)[:2],
                             (404, 'UnknownOperationException'), target)

    def test_paths_outside_the_api_are_unknown(self):
        self.assertEqual(self.simulator.request('GET', '/elsewhere')[0], 404)


class Messages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(BUILD)

    @classmethod
    def tearDownClass(cls):
        cls.simulator.__exit__()

    def refused(self, body, status=400, error='BadRequestException'):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        before = self.simulator.ledger()['totals']
        got = self.simulator.call('POST', SEND, data, JSON)
        self.assertEqual(got[:2], (status, error), got[2])
        after = self.simulator.ledger()['totals']
        self.assertEqual(after['accepted'], before['accepted'])
        self.assertEqual(after['refused'].get(error), before['refused'].get(error, 0) + 1)
        return got[2]['message']

    def test_the_mail_is_kept_byte_for_byte(self):
        raw = raw_mail(headers=['X-Odd:   spaces\tand tabs  '])
        status, _, answer = self.simulator.send(FAN, raw, attempt='kept-1')
        self.assertEqual(status, 200)
        entry = [e for e in self.simulator.ledger()['addresses'][FAN]
                 if e['message_id'] == answer['MessageId']][0]
        self.assertEqual(self.simulator.read('mails', entry['file']), raw)
        self.assertEqual((entry['attempt_id'], entry['uid'], entry['sequence'], entry['method']),
                         ('kept-1', 'uid-0001', 0, 'REQUEST'))

    def test_a_mail_without_a_calendar_is_a_mail_too(self):
        raw = (b'From: fixtures+k7m2q9x4t1@reply.league.example\r\nTo: organizer@league.example\r\n'
               b'Subject: Report\r\n\r\nAll is well.\r\n')
        self.assertEqual(self.simulator.send('organizer@league.example', raw)[0], 200)
        entry = self.simulator.ledger()['addresses']['organizer@league.example'][-1]
        self.assertEqual((entry['uid'], entry['method'], entry['reply']), ('', '', None))

    def test_bodies_that_are_no_json_or_no_base64_are_refused(self):
        self.refused(b'{"FromEmailAddress":', error='SerializationException')
        body = send_body(FAN, raw_mail())
        body['Content']['Raw']['Data'] = body['Content']['Raw']['Data'][:-2] + '!!'
        self.refused(body, error='SerializationException')
        self.refused(b'[' * 100000, error='SerializationException')

    def test_there_is_exactly_one_recipient(self):
        for destination in ({}, {'ToAddresses': [FAN, 'fan0002@fans.example']},
                            {'ToAddresses': [FAN], 'BccAddresses': ['fan0002@fans.example']},
                            {'CcAddresses': [FAN]}, {'ToAddresses': ['nobody']}):
            self.refused({**send_body(FAN, raw_mail()), 'Destination': destination})

    def test_the_from_header_names_the_sender(self):
        self.assertIn("'From'", self.refused(send_body(FAN, b'To: x@fans.example\r\n\r\nhi\r\n')))
        self.refused(send_body(FAN, raw_mail(), source='other@league.example'))
        two = raw_mail().replace(b'From: ', b'From: other@league.example, ', 1)
        self.refused(send_body(FAN, two))

    def test_single_headers_are_refused_twice(self):
        self.assertIn("'subject'", self.refused(send_body(FAN, raw_mail(headers=['subject: b']))))
        self.refused(send_body(FAN, raw_mail(headers=['Auto-Submitted: no', 'Auto-Submitted: no'])))
        twice = raw_mail(headers=['Received: one', 'Received: two'])
        self.assertEqual(self.simulator.send(FAN, twice)[0], 200)

    def test_lines_are_at_most_998_and_end_in_crlf(self):
        self.assertEqual(self.simulator.send(FAN, raw_mail(headers=['X-A: ' + 'a' * 993]))[0], 200)
        self.assertIn('998', self.refused(send_body(FAN, raw_mail(headers=['X-A: ' + 'a' * 994]))))
        self.refused(send_body(FAN, raw_mail().replace(b'invited.\r\n', b'invited.\n')))
        self.refused(send_body(FAN, raw_mail() + b'no end'))

    def test_headers_are_seven_bit(self):
        self.refused(send_body(FAN, raw_mail(headers=['X-A: Bären'])))

    def test_tags_take_letters_digits_dash_and_underscore(self):
        for name, value in (('attempt id', 'a'), ('attempt_id', 'a.b'), ('', 'a'),
                            ('a', 'b' * 257)):
            self.refused(send_body(FAN, raw_mail(), tags=[{'Name': name, 'Value': value}]))


class Counting(unittest.TestCase):
    def test_copies_are_counted_per_attempt_and_per_message_key(self):
        with Simulator(BUILD) as simulator:
            simulator.invite(FAN, 'uid-a', 'one')
            simulator.invite(FAN, 'uid-a', 'one')
            simulator.invite(FAN, 'uid-a', 'two', sequence=1)
            simulator.invite(FAN.upper(), 'uid-a', 'three', sequence=2, method='CANCEL')
            simulator.invite('fan0002@fans.example', 'uid-b', 'four', sequence=2)
            totals = simulator.ledger()['totals']
            addresses = simulator.ledger()['addresses']
        self.assertEqual(totals['accepted'], 5)
        self.assertEqual(totals['methods'], {'REQUEST': 4, 'CANCEL': 1})
        self.assertEqual(totals['repeated_attempts'], {'one': 2})
        self.assertEqual(totals['attempts_seen_more_than_once'], 1)
        self.assertEqual(totals['message_keys'], 4)
        self.assertEqual(totals['message_keys_seen_more_than_once'], 1)
        self.assertEqual([e['sequence'] for e in addresses[FAN]], [0, 0, 1, 2])

    def test_the_rate_is_held(self):
        with Simulator(BUILD, '--rate', '5') as simulator:
            answers = [simulator.invite(FAN, f'uid-{i}', f'a-{i}') for i in range(40)]
            refused = [a for a in answers if a[0] != 200]
            totals = simulator.ledger()['totals']
        self.assertGreaterEqual(len(refused), 20)
        self.assertEqual(refused[0], (429, 'TooManyRequestsException',
                                      {'message': 'Maximum sending rate exceeded.'}))
        self.assertEqual(totals['accepted'] + totals['refused']['TooManyRequestsException'], 40)

    def test_the_daily_quota_is_held_and_getaccount_shows_it(self):
        with Simulator(BUILD, '--max-24h', '100', '--sent-24h', '97', '--rate', '300') as simulator:
            quota = simulator.call('GET', '/v2/email/account')[2]['SendQuota']
            self.assertEqual(quota, {'Max24HourSend': 100.0, 'MaxSendRate': 300.0,
                                     'SentLast24Hours': 97.0})
            answers = [simulator.invite(FAN, f'uid-{i}', f'a-{i}') for i in range(4)]
            account = simulator.call('GET', '/v2/email/account')[2]
        self.assertEqual([a[0] for a in answers], [200, 200, 200, 400])
        self.assertEqual(answers[3][1:], ('LimitExceededException',
                                          {'message': 'Daily message quota exceeded.'}))
        self.assertEqual(account['SendQuota']['SentLast24Hours'], 100.0)
        self.assertEqual((account['EnforcementStatus'], account['ProductionAccessEnabled'],
                          account['SendingEnabled']), ('HEALTHY', True, True))
        self.assertEqual(account['SuppressionAttributes']['SuppressedReasons'],
                         ['BOUNCE', 'COMPLAINT'])
        self.assertEqual(account['Details']['AdditionalContactEmailAddresses'], ['ops@example.com'])

    def test_many_connections_are_served_at_once(self):
        with Simulator(BUILD, '--latency-ms', '300') as simulator:
            def one(i):
                connection = simulator.connect()
                try:
                    raw = message(FAN, calendar(FAN, f'uid-{i}'))
                    return [simulator.send(FAN, raw, connection, attempt=f'{i}-{j}')[0]
                            for j in range(2)]
                finally:
                    connection.close()
            with concurrent.futures.ThreadPoolExecutor(64) as pool:
                answers = list(pool.map(one, range(64)))
            totals = simulator.ledger()['totals']
        self.assertEqual(answers, [[200, 200]] * 64)
        self.assertEqual((totals['accepted'], totals['attempts']), (128, 128))

    def test_a_lost_answer_is_an_accepted_mail(self):
        for transport in ([], ['--plain-http']):
            with Simulator(BUILD, '--drop-after-accept', '100', *transport) as simulator:
                with self.assertRaises(http.client.RemoteDisconnected):
                    simulator.send(FAN, raw_mail(), simulator.connect())
                totals = simulator.ledger()['totals']
            self.assertEqual((totals['accepted'], totals['dropped_after_accept']), (1, 1))


class Running(unittest.TestCase):
    def test_a_kill_loses_nothing_that_was_answered(self):
        with Simulator(BUILD, '--reply', '100', '--seed', '7') as first:
            for i in range(20):
                self.assertEqual(first.invite(FAN, f'uid-{i}', f'a-{i}')[0], 200)
            with open(first.ready['ca'], 'rb') as file:
                certificate = file.read()
            first.end(signal.SIGKILL)
            directory = first.directory
            # As a kill between two writes leaves them: a mail without its line, half a line, and a
            # line whose notifications are missing.
            with open(f'{directory}/mails/000021-x.eml', 'wb') as file:
                file.write(b'half a mail')
            with open(f'{directory}/ledger.jsonl', 'ab') as file:
                file.write(b'{"kind":"accepted","num')
            notifications = first.lines('notifications.jsonl')
            last = notifications[-1]['mail']['messageId']
            with open(f'{directory}/notifications.jsonl', 'w', encoding='utf-8') as file:
                for event in notifications:
                    if event['mail']['messageId'] != last:
                        file.write(json.dumps(event) + '\n')
                file.write('{"eventType":"Se')

            with Simulator(BUILD, '--reply', '100', '--seed', '7', directory=directory) as second:
                with open(second.ready['ca'], 'rb') as file:
                    self.assertEqual(file.read(), certificate)
                self.assertEqual(second.invite(FAN, 'uid-0', 'a-0')[0], 200)
                totals = second.ledger()['totals']
                events = second.lines('notifications.jsonl')
                mails = second.files('mails')
                replies = second.files('replies')
        self.assertEqual(totals['accepted'], 21)
        self.assertEqual(totals['repeated_attempts'], {'a-0': 2})
        self.assertEqual(mails, [f'{i:06d}-{FAN}.eml' for i in range(1, 22)])
        self.assertEqual(len(replies), 20)  # the copy was answered before the restart
        sends = [e['mail']['messageId'] for e in events if e['eventType'] == 'Send']
        self.assertEqual((len(sends), len(set(sends))), (21, 21))
        self.assertIn(last, sends)
        self.assertEqual(len([e for e in events if e['eventType'] == 'Delivery']), 21)

    def test_it_ends_by_itself_and_leaves_a_ledger(self):
        with Simulator(BUILD, '--max-requests', '3') as simulator:
            for i in range(3):
                simulator.invite(FAN, f'uid-{i}', f'a-{i}')
            self.assertEqual(simulator.process.wait(timeout=20), 0)
            with open(f'{simulator.directory}/ledger.json', encoding='utf-8') as file:
                ledger = json.load(file)
            printed = subprocess.run([program(BUILD), 'summary', simulator.directory],
                                     capture_output=True, check=True)
        self.assertEqual(ledger['totals']['accepted'], 3)
        self.assertEqual(json.loads(printed.stdout), ledger['totals'])
        self.assertEqual(len(ledger['addresses'][FAN]), 3)

    def test_sigterm_ends_it_cleanly(self):
        with Simulator(BUILD) as simulator:
            simulator.invite(FAN, 'uid-1', 'a-1')
            self.assertEqual(simulator.end(), 0)
            self.assertTrue(os.path.exists(f'{simulator.directory}/ledger.json'))

    def test_the_endpoint_is_written_down(self):
        with Simulator(BUILD) as simulator:
            with open(f'{simulator.directory}/endpoint.json', encoding='utf-8') as file:
                self.assertEqual(json.load(file), simulator.ready)
            self.assertRegex(simulator.ready['listening'], r'^https://127\.0\.0\.1:\d+$')
            self.assertEqual(os.stat(f'{simulator.directory}/key.pem').st_mode & 0o777, 0o600)

    def test_plain_http_is_there_for_tools_without_tls(self):
        with Simulator(BUILD, '--plain-http') as simulator:
            self.assertTrue(simulator.url.startswith('http://127.0.0.1:'))
            self.assertEqual(simulator.invite(FAN, 'uid-1', 'a-1')[0], 200)

    def test_wrong_usage_exits_with_2(self):
        for options in ([], ['--out', '/tmp', '--bounce', '101'], ['--out', '/tmp', '--nonsense'],
                        ['--out', '/tmp', '--secret', 'x']):
            run = subprocess.run([program(BUILD), *options], capture_output=True, check=False)
            self.assertEqual(run.returncode, 2, options)

    def test_recorded_requests_satisfy_another_verifier(self):
        if not os.path.exists(VERIFIER):
            print(f'skipped: no verifier at {VERIFIER}')
            return
        spec = importlib.util.spec_from_file_location('sigv4_verify', VERIFIER)
        verifier = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(verifier)
        with Simulator(BUILD, '--record', '3') as simulator:
            for i in range(5):
                simulator.invite(FAN, f'uid-{i}', f'a-{i}')
            recorded = simulator.lines('requests.jsonl')
        self.assertEqual(len(recorded), 3)
        for request in recorded:
            verdict = verifier.recompute(request['method'], request['target'], request['headers'],
                                         request['body'].encode(), {KEY: SECRET})
            self.assertTrue(verdict['ok'], verdict)
            self.assertEqual(verdict['unsigned_but_should_be'], [])


if __name__ == '__main__':
    unittest.main()
