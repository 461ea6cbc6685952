"""The program at the limits of an account: it stops at the quota, says why everywhere, and goes on by itself."""
import sys
import unittest

from program import Program, simulator_run

BUILD = sys.argv.pop(1)
ACCOUNT = 'ses:eu-central-1'


class PacingTest(unittest.TestCase):
    def setUp(self):
        self.program = self.enterContext(Program(BUILD))
        self.program.add_league()

    def invite(self, count):
        people = '\n'.join(f'fan{n}@example.com' for n in range(count))
        self.program.lines('invite', self.program.event(), '--list',
                           self.program.write('fans.txt', people), '--yes')

    def test_the_daily_quota_holds_the_rest_and_is_told_everywhere(self):
        with simulator_run.Simulator(BUILD, '--seed', '7', '--max-24h', '5') as ses:
            self.program.use(ses.url, ses.ready['ca'])
            self.invite(8)
            code, lines, errors = self.program.run('dispatch')
            self.assertEqual(code, 3)
            self.assertIn('held: quota: 5 of 5 recipients in 24 hours are used; next try 2', errors)
            self.assertEqual((lines[-1]['accepted'], lines[-1]['held'], lines[-1]['refused']), (5, 3, 0))
            self.assertEqual(self.program.run('dispatch')[0], 3)
            account = self.program.lines('account', 'list')[0]
            self.assertEqual((account['account'], account['hold'], account['max_24_hours']),
                             (ACCOUNT, 'quota', 5))
            hold = [line for line in self.program.lines('report') if line.get('held') == 'account']
            self.assertEqual(hold[0]['reason'], 'quota: ' + account['reason'])
            self.assertEqual(ses.ledger()['totals']['accepted'], 5)

        with simulator_run.Simulator(BUILD, '--seed', '8') as ses:  # as if the day were over
            self.program.use(ses.url, ses.ready['ca'])
            self.program.lines('account', 'resume', ACCOUNT)
            self.assertEqual(self.program.lines('dispatch')[-1]['accepted'], 8)
            self.assertEqual(self.program.lines('account', 'list')[0]['hold'], 'none')

    def test_a_pace_is_read_as_it_is_written(self):
        spool = 'spool:' + self.program.directory + '/spool'
        self.invite(3)
        for pace in ('batch:0', 'batch:', 'batch:x', 'batch:10/2', 'batch:10/', 'fast'):
            self.assertIn('expected ses, batch:',
                          self.program.run('dispatch', '--transport', spool, '--pace', pace)[2])
        self.program.lines('dispatch', '--transport', spool, '--pace', 'batch:2/1ms')

    def test_what_is_not_held_is_not_resumed(self):
        self.program.lines('account', 'resume', ACCOUNT, code=1)
        self.program.lines('domain', 'resume', code=1)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
