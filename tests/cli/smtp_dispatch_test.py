"""dispatch over SMTP, from the address on the command line to what the server gets."""
import json
import os
import subprocess
import sys
import unittest

from program import Program

BUILD = sys.argv.pop(1)
SERVER = os.path.join(os.path.dirname(__file__), '..', 'transport', 'smtp_server.py')
PASSWORD = 'se cret/+='


class SmtpDispatchTest(unittest.TestCase):
    def setUp(self):
        self.program = Program(BUILD)
        self.addCleanup(self.program.__exit__)
        self.program.add_league()
        uid = self.program.event()
        self.program.lines('invite', uid, '--to', 'a@example.com', '--to', 'b@example.com', '--yes')

    def serve(self, **script):
        """The port of a server, and what it logged so far."""
        folder = os.path.join(self.program.directory, 'server')
        os.mkdir(folder)
        server = subprocess.Popen([sys.executable, '-B', SERVER, folder, 'good', json.dumps(script)],
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.program.environment['CALINVITE_SMTP_CA_FILE'] = os.path.join(folder, 'good.crt')

        def log(kind):
            with open(os.path.join(folder, 'log.jsonl'), encoding='utf-8') as file:
                return [line for line in map(json.loads, file) if kind in line]
        return server.stdout.readline().strip(), log

    def test_invitations_go_out_with_the_password_of_the_environment_or_a_file(self):
        port, log = self.serve(auth='PLAIN', steps=[{}, {'rcpt': '550 5.1.1 no such user'}])
        transport = f'smtp://league@127.0.0.1:{port}'
        for name, value in (('CALINVITE_SMTP_PASSWORD', PASSWORD),
                            ('CALINVITE_SMTP_PASSWORD_FILE', self.program.write('password', PASSWORD + '\n'))):
            self.program.environment[name] = value
            totals = self.program.lines('dispatch', '--transport', transport, '--max', '1',
                                        code=0 if name.endswith('WORD') else 4)[-1]
            del self.program.environment[name]
        self.assertEqual((totals['accepted'], totals['refused']), (1, 1))
        messages = log('message')
        self.assertEqual(len(messages), 1)
        self.assertTrue(messages[0]['secure'])
        self.assertIn('method=REQUEST', messages[0]['message'])

    def test_a_password_is_never_told(self):
        port, log = self.serve(auth='PLAIN')
        self.program.environment['CALINVITE_SMTP_PASSWORD'] = 'canary-1'
        for transport in (f'smtp://league@127.0.0.1:{port}', f'smtp://league:canary-2@127.0.0.1:{port}'):
            code, lines, errors = self.program.run('dispatch', '--transport', transport)
            self.assertNotEqual(code, 0)
            self.assertNotIn('canary', json.dumps(lines) + errors)
        self.assertEqual(log('message'), [])

    def test_a_user_without_a_password_is_refused(self):
        code, _, errors = self.program.run('dispatch', '--transport', 'smtp://league@127.0.0.1')
        self.assertEqual(code, 1)
        self.assertIn('CALINVITE_SMTP_PASSWORD', errors)


if __name__ == '__main__':
    unittest.main()
