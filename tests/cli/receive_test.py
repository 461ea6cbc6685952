"""`calinvite receive` and `ingest --topic` against a stand-in of SQS and SNS on this machine."""
import base64
import json
import os
import signal
import subprocess
import sys
import time
import unittest

from program import Program

BUILD = sys.argv.pop(1)
SERVER = os.path.join(os.path.dirname(__file__), '..', 'transport', 'sqs_server.py')
VERIFIER = os.path.join(os.path.dirname(__file__), '../../../shared/aws/golden/sigv4_verify.py')
TOPIC = 'arn:aws:sns:eu-central-1:111122223333:ses-events'


class Queue:
    def __init__(self, directory, **spec):
        self.directory = directory
        verifier = [VERIFIER] if os.path.exists(VERIFIER) else []
        self.process = subprocess.Popen([sys.executable, '-B', SERVER, directory, json.dumps(spec), *verifier],
                                        stdout=subprocess.PIPE, text=True)
        self.url = f'http://127.0.0.1:{int(self.process.stdout.readline())}'
        self.queue = f'{self.url}/111122223333/ses-events'

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()

    def log(self, kind):
        with open(os.path.join(self.directory, 'log.jsonl'), encoding='utf-8') as file:
            return [line[kind] for line in map(json.loads, file) if kind in line]

    def left(self):
        return self.log('left')[-1]


class Signer:
    """SNS with a key of its own, by the program openssl."""

    def __init__(self, directory):
        self.key, self.certificate = f'{directory}/sns.key', f'{directory}/sns.pem'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj',
                        '/CN=sns.amazonaws.com', '-keyout', self.key, '-out', self.certificate],
                       check=True, capture_output=True)

    def pem(self):
        with open(self.certificate, encoding='ascii') as file:
            return file.read()

    def envelope(self, text, topic=TOPIC, kind='Notification'):
        now = time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime())
        fields = {'Message': text, 'MessageId': f'm-{hash(text)}', 'Timestamp': now, 'TopicArn': topic, 'Type': kind}
        if kind != 'Notification':
            fields |= {'Token': '2336412f37fb', 'SubscribeURL': 'https://sns.eu-central-1.amazonaws.com/?x'}
        signed = ''.join(f'{name}\n{fields[name]}\n' for name in sorted(fields))
        signature = subprocess.run(['openssl', 'dgst', '-sha256', '-sign', self.key], input=signed.encode(),
                                   check=True, capture_output=True).stdout
        return json.dumps(fields | {
            'SignatureVersion': '2', 'Signature': base64.b64encode(signature).decode(),
            'SigningCertURL': 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a.pem'})


class ReceiveTest(unittest.TestCase):
    def setUp(self):
        self.program = Program(BUILD)
        self.addCleanup(self.program.__exit__)
        self.program.add_league()
        self.program.environment.update({'AWS_REGION': 'eu-central-1', 'AWS_ACCESS_KEY_ID': 'AKIDEXAMPLE',
                                         'AWS_SECRET_ACCESS_KEY': 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'})

    def send(self, people):
        """Notifications of SES about an event that was sent to so many."""
        uid = self.program.event()
        fans = [f'fan{n}@example.com' for n in range(people)]
        self.program.lines('invite', uid, '--to', *fans, '--yes')
        spool = os.path.join(self.program.directory, 'spool')
        self.program.lines('dispatch', '--transport', f'spool:{spool}')
        notifications = []
        for name in sorted(os.listdir(f'{spool}/new')):
            with open(f'{spool}/new/{name}', encoding='utf-8', newline='') as file:
                to = next(line for line in file if line.startswith('To:')).split('<')[-1].strip(' To:>\r\n')
            attempt = name.removesuffix('.eml')
            notifications.append(json.dumps({
                'eventType': 'Delivery',
                'mail': {'timestamp': '2026-01-15T09:30:00.412Z', 'messageId': f'ses-{attempt}',
                         'destination': [to], 'tags': {'attempt_id': [attempt]}},
                'delivery': {'timestamp': '2026-01-15T09:30:02.100Z', 'recipients': [to],
                             'smtpResponse': '250 ok'}}))
        return uid, notifications

    def delivered(self, uid):
        return self.program.lines('report', uid, '--format', 'json')[0]['delivery'].get('delivered', 0)

    def queue(self, **spec):
        queue = Queue(self.program.directory, **spec)
        self.addCleanup(queue.__exit__)
        return queue

    def test_a_queue_is_worked_off_and_poison_set_aside(self):
        uid, notifications = self.send(25)
        poison = '{"eventType":"Bounce"'
        queue = self.queue(messages=[*notifications[:9], poison, *notifications[9:]], duplicates=True,
                           throttle=1, fail_deletes=1)
        code, lines, errors = self.program.run('receive', '--queue', queue.queue, '--once', '--wait', '1',
                                               '--most-receives', '2', '--visibility', '1', '--trust-queue')
        self.assertEqual((code, errors), (4, ''))
        self.assertEqual(self.delivered(uid), 25)
        self.assertEqual(queue.left(), 0)
        total = lines.pop()
        self.assertEqual(total['quarantined'], 1)
        self.assertGreaterEqual(total['received'], 26)
        outcomes = [line['outcome'] for line in lines]
        self.assertEqual(outcomes.count('recorded'), 25)
        self.assertEqual(outcomes.count('quarantined'), 1)
        kept = self.program.lines('quarantine', 'list')
        self.assertEqual(len(kept), 1)
        self.assertEqual(queue.log('unsigned'), [])

    def test_sigterm_ends_it_between_two_messages(self):
        uid, notifications = self.send(3)
        queue = self.queue(messages=notifications)
        running = self.program.start('receive', '--queue', queue.queue, '--trust-queue')
        deadline = time.monotonic() + 60
        while self.delivered(uid) < 3 and time.monotonic() < deadline:
            time.sleep(0.2)
        running.send_signal(signal.SIGTERM)
        out, errors = running.communicate(timeout=60)
        self.assertEqual((running.returncode, errors), (0, ''))
        self.assertEqual(json.loads(out.splitlines()[-1]),
                         {'received': 3, 'removed': 3, 'quarantined': 0, 'left': 0})

    def test_only_signed_messages_of_our_topic_count(self):
        uid, notifications = self.send(3)
        signer = Signer(self.program.directory)
        foreign = signer.envelope(notifications[1], TOPIC.replace('1111', '4444'))
        confirmation = signer.envelope('You have chosen', kind='SubscriptionConfirmation')
        queue = self.queue(messages=[signer.envelope(notifications[0]), foreign, notifications[2], confirmation],
                           certificate=signer.pem())
        self.program.environment['AWS_ENDPOINT_URL_SNS'] = queue.url
        code, lines, _ = self.program.run('receive', '--queue', queue.queue, '--once', '--wait', '0', '--topic', TOPIC,
                                          '--most-receives', '1')
        self.assertEqual(code, 4)
        self.assertEqual(self.delivered(uid), 1)
        self.assertEqual(lines[-1], {'received': 4, 'removed': 4, 'quarantined': 2, 'left': 0})
        self.assertEqual(queue.log('fetched'), ['/SimpleNotificationService-0a.pem'])
        self.assertEqual([form['Token'] for form in queue.log('confirmed')], ['2336412f37fb'])

        posted = self.program.write('posted.json', signer.envelope(notifications[1]))
        self.program.lines('ingest', posted, '--topic', TOPIC)
        self.assertEqual(self.delivered(uid), 2)
        code, lines, _ = self.program.run('ingest', self.program.write('foreign.json', foreign), '--topic', TOPIC)
        self.assertEqual((code, lines[0]['outcome']), (1, 'refused'))

    def test_what_can_not_be_is_said(self):
        queue = self.queue()
        code, _, errors = self.program.run('receive', '--queue', queue.url + '/1/nobody', '--once', '--wait', '0',
                                           '--trust-queue')
        self.assertEqual(code, 1)
        self.assertIn('QueueDoesNotExist', errors)
        code, _, errors = self.program.run('receive', '--queue', queue.queue, '--topic', 'ses-events')
        self.assertEqual(code, 1)
        self.assertIn('arn:aws:sns:', errors)
        code, _, errors = self.program.run('receive', '--queue', 'ses-events', '--trust-queue')
        self.assertEqual(code, 1)

    def test_whom_to_believe_must_be_said(self):
        uid, notifications = self.send(1)
        queue = self.queue(messages=notifications)
        for options in ([], ['--trust-queue', '--topic', TOPIC]):
            code, lines, errors = self.program.run('receive', '--queue', queue.queue, '--once', '--wait', '0', *options)
            self.assertEqual((code, lines), (1, []))
            self.assertIn('--trust-queue', errors)
        self.assertEqual(queue.log('left'), [])  # it was not even asked
        self.assertEqual(self.delivered(uid), 0)

    def test_a_file_of_lines_is_streamed_however_long(self):
        uid, notifications = self.send(2)
        path = self.program.write('events.jsonl', '')
        filler = json.dumps({'eventType': 'Subscription', 'mail': {'x': 'x' * 200_000}}) + '\n'
        with open(path, 'w', encoding='utf-8') as file:
            file.write(notifications[0] + '\n')
            for _ in range(360):
                file.write(filler)
            file.write(notifications[1])
        self.assertGreater(os.path.getsize(path), 64 << 20)
        lines = self.program.lines('ingest', path)
        self.assertEqual(len(lines), 362)
        self.assertEqual(self.delivered(uid), 2)


if __name__ == '__main__':
    unittest.main()
