"""The program finds its AWS keys where other AWS programs do, keeps them fresh, and shows none of them."""
import http.server
import json
import os
import sys
import threading
import time
import unittest

from program import Program, simulator_run

BUILD = sys.argv.pop(1)
PEOPLE = 400


class KeyService(http.server.BaseHTTPRequestHandler):
    """A container's credentials service whose keys last for a second."""
    issued = 0

    def do_GET(self):
        n = KeyService.issued % 10
        KeyService.issued += 1
        end = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 1))
        body = json.dumps({'AccessKeyId': f'ASIA{n}', 'SecretAccessKey': f'CANARY{n}',
                           'Token': f'CANARYtoken{n}', 'Expiration': end}).encode()
        sound = self.headers['Authorization'] == 'CANARYpass' and self.path == '/v1/keys'
        self.send_response(200 if sound else 403)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class CredentialsTest(unittest.TestCase):
    def setUp(self):
        self.program = Program(BUILD)
        self.addCleanup(self.program.__exit__)
        self.program.add_league()
        self.program.environment.update(
            {'HOME': self.program.directory, 'AWS_EC2_METADATA_DISABLED': 'true'})
        os.mkdir(os.path.join(self.program.directory, '.aws'))

    def invite(self, count):
        people = '\n'.join(f'fan{n:04}@example.com' for n in range(count))
        self.program.lines('invite', self.program.event(), '--list',
                           self.program.write('fans.txt', people), '--yes')

    def refusal(self, code):
        got, lines, errors = self.program.run('dispatch')
        self.assertEqual((got, lines), (code, []), errors)
        self.assertNotIn('CANARY', errors)
        self.assertEqual(len(errors.splitlines()), 1, errors)
        return errors

    def test_region_endpoint_and_keys_come_from_a_profile(self):
        with simulator_run.Simulator(BUILD, '--secret', 'AKIDPROFILE=CANARY+/') as ses:
            self.program.write('.aws/config', '[profile mail]\nregion = eu-central-1\nservices = near\n'
                               f'[services near]\nsesv2 =\n  endpoint_url = {ses.url}\n')
            self.program.write('.aws/credentials', '[mail]\naws_access_key_id = AKIDPROFILE\n'
                               'aws_secret_access_key = CANARY+/\n')
            self.program.environment.update({'AWS_PROFILE': 'mail', 'AWS_CA_BUNDLE': ses.ready['ca']})
            self.invite(3)
            self.assertEqual(self.program.lines('dispatch')[-1]['accepted'], 3)

    def test_keys_that_rotate_every_second_of_a_campaign_lose_nobody(self):
        service = http.server.ThreadingHTTPServer(('127.0.0.1', 0), KeyService)
        threading.Thread(target=service.serve_forever, daemon=True).start()
        self.addCleanup(service.server_close)
        self.addCleanup(service.shutdown)
        secrets = [word for n in range(10) for word in ('--secret', f'ASIA{n}=CANARY{n}')]
        with simulator_run.Simulator(BUILD, '--latency-ms', '20', *secrets) as ses:
            self.program.environment.update({
                'AWS_REGION': 'eu-central-1', 'AWS_ENDPOINT_URL_SESV2': ses.url,
                'AWS_CA_BUNDLE': ses.ready['ca'], 'AWS_CONTAINER_AUTHORIZATION_TOKEN': 'CANARYpass',
                'AWS_CONTAINER_CREDENTIALS_FULL_URI': f'http://127.0.0.1:{service.server_port}/v1/keys'})
            self.invite(PEOPLE)
            totals = self.program.lines('dispatch', '--connections', '4')[-1]
            self.assertEqual((totals['planned'], totals['accepted']), (PEOPLE, PEOPLE))
            self.assertEqual(ses.ledger()['totals']['accepted'], PEOPLE)
            self.assertEqual(ses.ledger()['totals']['message_keys_seen_more_than_once'], 0)
        self.assertGreaterEqual(KeyService.issued, 2)  # 400 answers of 20 ms, four at a time

    def test_what_is_missing_is_told_before_anything_is_sent(self):
        self.invite(1)
        self.assertIn('set AWS_REGION', self.refusal(1))
        self.program.environment['AWS_REGION'] = 'eu-central-1'
        self.assertIn('set AWS_ACCESS_KEY_ID', self.refusal(1))
        self.program.environment['AWS_SECRET_ACCESS_KEY'] = 'CANARY'
        self.assertIn('no AWS_ACCESS_KEY_ID', self.refusal(1))
        del self.program.environment['AWS_SECRET_ACCESS_KEY']
        self.program.write('.aws/config', '[default]\ncredential_process = print CANARY\n')
        self.assertIn('credential_process, which is unsupported', self.refusal(1))
        self.program.write('.aws/config', '[default]\nCANARY\n')
        self.assertIn('config:2', self.refusal(1))
        self.assertEqual(self.program.totals()['pending'], 1)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
