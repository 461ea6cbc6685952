"""People unsubscribe by one click while a campaign is being sent."""
import email
import email.policy
import re
import sys
import time
import unittest

from reader import Site, curl, simulator_run

BUILD = sys.argv.pop(1)
PEOPLE, LEAVING, GATE = 200, 20, 30


def fan(number):
    return f'fan{number:03}@fans.example'


class UnsubscribeTest(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(Site(BUILD))
        self.program = self.site.program

    def one_click_links(self, ses):
        links = {}
        for name in ses.files('mails'):
            mail = email.message_from_bytes(ses.read('mails', name), policy=email.policy.default)
            links[mail['To'].addresses[0].addr_spec] = re.search('<(http[^>]*/u/[^>]+)>', mail['List-Unsubscribe']).group(1)
        return links

    def wait_for(self, ses, messages):
        deadline = time.monotonic() + 60
        while (sent := ses.ledger()['totals']['accepted']) < messages and time.monotonic() < deadline:
            time.sleep(0.05)
        return sent

    def test_nobody_who_unsubscribes_in_the_middle_of_a_campaign_gets_a_mail_after_it(self):
        """I11: one click in the middle of a campaign ends what the running dispatch has not sent yet"""
        everybody = [fan(n) for n in range(PEOPLE)]
        leaving = everybody[-LEAVING:]  # whose turn comes last
        first, second = self.program.event('First'), self.program.event('Second')
        gate = LEAVING + GATE
        # The answer to one message of the second event takes its time; then they go on one by one.
        faults = [{'do': 'slow', 'ms': 8000, 'messages': [gate, gate]}]
        ses = self.enterContext(simulator_run.Scenario(BUILD, {'faults': faults, 'latency': {'min_ms': 20, 'max_ms': 20}}))
        self.program.use(ses.url, ses.ready['ca'])
        self.program.lines('invite', first, '--list', self.program.write('first.txt', '\n'.join(leaving)), '--yes')
        self.program.lines('dispatch')
        links = self.one_click_links(ses)
        self.program.lines('invite', second, '--list', self.program.write('second.txt', '\n'.join(everybody)), '--yes')

        campaign = self.program.start('dispatch', '--connections', '1')
        self.addCleanup(campaign.kill)
        self.assertGreaterEqual(self.wait_for(ses, gate - 1), gate - 1)
        for address in leaving:
            self.assertEqual(curl('--data', 'List-Unsubscribe=One-Click', links[address]).status, 200)
        sent, claimed = ses.ledger()['totals']['accepted'] - LEAVING, self.program.totals()['claimed']
        self.assertLess(sent, PEOPLE - LEAVING - 10, 'they unsubscribed too late to tell anything')
        self.assertGreater(claimed, 0)
        out, errors = campaign.communicate(timeout=120)
        self.assertEqual((campaign.returncode, errors), (0, ''))

        mails = {address: len(messages) for address, messages in ses.ledger()['addresses'].items()}
        self.assertEqual(mails, {address: 1 for address in everybody})  # of the leaving ones: the first event's
        totals = self.program.totals()
        self.assertEqual((totals['accepted'], totals['suppressed'], totals['planned']), (PEOPLE, LEAVING, PEOPLE + LEAVING))
        for address in leaving:
            kinds = [line['kind'] for line in self.program.lines('report', second, '--attendee', address)]
            self.assertEqual(kinds, ['queued', 'suppressed'])
            left = self.program.lines('report', first, '--attendee', address)[-1]
            self.assertEqual((left['kind'], left['channel'], left['evidence']), ('unsubscribed', 'web', 'verified'))


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
