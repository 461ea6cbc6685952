"""`calinvite preflight` against real DNS and HTTPS on loopback: what it prints, and its exit codes."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

BUILD = os.path.abspath(sys.argv.pop(1))
HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = os.path.join(HERE, '..', 'transport')
CALINVITE = os.path.join(BUILD, 'examples/cli/calinvite')

ZONES = {
    'reply.league.example': {'MX': [[10, 'inbound-smtp.eu-central-1.amazonaws.com']]},
    'bounce.league.example': {'MX': [[10, 'feedback-smtp.eu-central-1.amazonses.com']],
                              'TXT': ['v=spf1 include:amazonses.com ~all']},
    '_dmarc.league.example': {'TXT': ['v=DMARC1; p=none; rua=mailto:dmarc@league.example']},
    'aaa._domainkey.league.example': {'CNAME': ['aaa.dkim.amazonses.com']},
}
ACCOUNT = {'SendQuota': {'MaxSendRate': 14, 'Max24HourSend': 50000, 'SentLast24Hours': 7}, 'SendingEnabled': True,
           'ProductionAccessEnabled': True, 'EnforcementStatus': 'HEALTHY'}
IDENTITY = {'IdentityType': 'DOMAIN', 'VerifiedForSendingStatus': True,
            'DkimAttributes': {'SigningEnabled': True, 'Status': 'SUCCESS', 'Tokens': ['aaa'],
                               'SigningAttributesOrigin': 'AWS_SES'},
            'MailFromAttributes': {'MailFromDomain': 'bounce.league.example', 'MailFromDomainStatus': 'SUCCESS',
                                   'BehaviorOnMxFailure': 'USE_DEFAULT_VALUE'}}
SET = {'ConfigurationSetName': 'invites'}
DESTINATIONS = {'EventDestinations': [{
    'Name': 'facts', 'Enabled': True, 'SnsDestination': {'TopicArn': 'arn:aws:sns:eu-central-1:111122223333:facts'},
    'MatchingEventTypes': ['SEND', 'DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT', 'DELIVERY_DELAY']}]}
ALL = {'sender', 'address_length', 'links', 'complaints', 'mx', 'account', 'clock', 'sandbox', 'sending', 'enforcement', 'quota',
       'identity', 'dkim', 'mail_from', 'spf', 'dmarc', 'alignment', 'configuration_set', 'events', 'tracking'}


class PreflightTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.environment = {
            'PATH': os.environ['PATH'], 'CALINVITE_STORE': f'sqlite:{self.folder}/league.db',
            'AWS_REGION': 'eu-central-1', 'AWS_ACCESS_KEY_ID': 'AKIDEXAMPLE',
            'AWS_SECRET_ACCESS_KEY': 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'}
        self.assertEqual(self.run_program(
            'domain', 'add', 'league', '--from', 'cal@reply.league.example', '--reply-domain', 'reply.league.example',
            '--base-url', 'https://cal.league.example', '--configuration-set', 'invites')[0], 0)

    def start(self, script, *arguments):
        """The first line that a server of tests/transport prints."""
        server = subprocess.Popen([sys.executable, '-B', os.path.join(SERVERS, script), *arguments],
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        return server.stdout.readline().split()

    def serve(self, zones, *answers, shift=''):
        self.environment['CALINVITE_DNS_SERVERS'] = '127.0.0.1:' + self.start('dns_server.py', json.dumps(zones))[1]
        # An identity is asked for by the From domain first, which has none of its own.
        steps = [{'status': 404, 'type': 'NotFoundException', 'body': '{}'} if answer is None else
                 {'status': 200, 'body': json.dumps(answer)} for answer in answers]
        port = self.start('tls_server.py', self.folder, 'good', json.dumps(steps), shift)[0]
        self.environment.update(AWS_ENDPOINT_URL_SESV2=f'https://127.0.0.1:{port}',
                                AWS_CA_BUNDLE=f'{self.folder}/good.crt')

    def run_program(self, *arguments):
        done = subprocess.run([CALINVITE, *arguments], capture_output=True, text=True, timeout=120,
                              env=self.environment)
        return done.returncode, done.stdout, done.stderr

    def preflight(self):
        """The exit code, and severity by check of the JSON lines."""
        code, out, errors = self.run_program('--json', 'preflight', '--domain', 'league')
        self.assertEqual(errors, '')
        lines = [json.loads(line) for line in out.splitlines()]
        for line in lines:
            self.assertEqual(list(line), ['check', 'severity', 'what', 'why', 'fix'])
        self.assertEqual(len({line['check'] for line in lines}), len(lines))
        return code, {line['check']: line['severity'] for line in lines}

    def test_a_domain_that_is_all_right_ends_with_0_and_says_so_of_every_check(self):
        self.serve(ZONES, ACCOUNT, None, IDENTITY, SET, DESTINATIONS)
        self.assertEqual(self.preflight(), (0, dict.fromkeys(ALL, 'ok')))

    def test_what_must_be_mended_ends_with_1(self):
        self.serve({**ZONES, '_dmarc.league.example': {}}, {**ACCOUNT, 'ProductionAccessEnabled': False},
                   None, IDENTITY, SET, DESTINATIONS)
        code, severities = self.preflight()
        self.assertEqual(code, 1)
        self.assertEqual(severities, {**dict.fromkeys(ALL, 'ok'), 'dmarc': 'error', 'sandbox': 'error'})

    def test_the_plain_output_says_what_to_publish(self):
        self.serve({**ZONES, '_dmarc.league.example': {}}, ACCOUNT, None, IDENTITY, SET, DESTINATIONS)
        code, out, errors = self.run_program('preflight')
        self.assertEqual((code, errors), (1, ''))
        self.assertIn('error   dmarc: _dmarc.league.example has no DMARC record (', out)
        self.assertIn('\n        fix: publish TXT _dmarc.league.example "v=DMARC1; p=none; ', out)
        self.assertIn('ok      sandbox: the account has production access\n', out)

    def test_dns_that_fails_ends_with_3(self):
        self.serve({**ZONES, 'reply.league.example': {'trouble': 'servfail'}}, ACCOUNT, None, IDENTITY, SET,
                   DESTINATIONS)
        code, severities = self.preflight()
        self.assertEqual(code, 3)
        self.assertEqual(severities, {**dict.fromkeys(ALL, 'ok'), 'mx': 'unknown'})

    def test_ses_that_is_away_ends_with_3(self):
        self.serve(ZONES, ACCOUNT)
        self.environment['AWS_ENDPOINT_URL_SESV2'] = 'https://127.0.0.1:1'
        code, severities = self.preflight()
        self.assertEqual(code, 3)
        self.assertEqual(severities['account'], 'unknown')
        self.assertNotIn('sandbox', severities)

    def test_a_clock_that_is_an_hour_off_is_an_error_and_the_rest_is_still_found_out(self):
        self.serve(ZONES, ACCOUNT, ACCOUNT, None, IDENTITY, SET, DESTINATIONS, shift='3600')
        code, severities = self.preflight()
        self.assertEqual(code, 1)
        self.assertEqual(severities, {**dict.fromkeys(ALL, 'ok'), 'clock': 'error'})

    def test_a_missing_region_or_domain_is_refused(self):
        del self.environment['AWS_REGION']
        code, _, errors = self.run_program('preflight')
        self.assertEqual(code, 1)
        self.assertIn('AWS_REGION', errors)
        self.environment['AWS_REGION'] = 'eu-central-1'
        code, _, errors = self.run_program('preflight', '--domain', 'nobody')
        self.assertEqual(code, 1)
        self.assertIn('nobody', errors)

    def test_usage(self):
        self.assertEqual(self.run_program('preflight', '--no-such-option')[0], 2)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
