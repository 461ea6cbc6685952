"""Who may do what, through the program: API keys, registration by link, approval, two domains apart."""
import os
import re
import sys
import unittest

from program import ORGANIZER, Program

BUILD = sys.argv.pop()


def invitation(uid, sender, sequence=0, start='20370601T193000Z', domain='league'):
    return '\r\n'.join([
        f'From: <{sender}>', f'To: <create@reply.{domain}.example>', 'Subject: Derby', 'MIME-Version: 1.0',
        'Content-Type: text/calendar; charset=UTF-8; method=REQUEST', '',
        'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Client 1//EN', 'METHOD:REQUEST',
        'BEGIN:VEVENT', f'UID:{uid}', f'SEQUENCE:{sequence}', f'DTSTAMP:2037010{sequence + 1}T100000Z',
        f'DTSTART:{start}', 'DURATION:PT2H', f'SUMMARY:{uid}', f'ORGANIZER:mailto:{sender}',
        'END:VEVENT', 'END:VCALENDAR', ''])


class Access(unittest.TestCase):
    def setUp(self):
        self.program = Program(BUILD)
        self.addCleanup(self.program.__exit__)
        self.program.add_league()

    def link_in_spool(self, path):
        """The token of the link with that path in what is sent now."""
        spool = self.program.directory + '/spool'
        self.program.lines('dispatch', '--transport', 'spool:' + spool)
        found = []

        for folder, _, names in os.walk(spool):
            for name in names:
                with open(os.path.join(folder, name), encoding='utf-8') as file:
                    text = file.read().replace('=\n', '').replace('=\r\n', '')
                found += re.findall(re.escape(path) + r'([A-Za-z0-9_-]{54})', text)
        return found[-1]

    def test_a_key_is_shown_once_and_listed_without_it(self):
        made = self.program.lines('apikey', 'add', 'billing', '--organizer', ORGANIZER)[0]
        self.assertRegex(made['key'], r'^calinvite_[a-z2-7]{16}_[A-Za-z0-9_-]{43}$')
        self.program.lines('apikey', 'add', 'everything', '--all-domains')
        listed = self.program.lines('apikey', 'list')
        self.assertEqual([(key['label'], key['domain'], key['organizer'], key['revoked']) for key in listed],
                         [('billing', 'league', ORGANIZER, '')])
        self.assertNotIn('key', listed[0])
        self.program.lines('apikey', 'revoke', made['id'])
        self.assertNotEqual(self.program.lines('apikey', 'list')[0]['revoked'], '')
        self.assertEqual(len(self.program.lines('apikey', 'list', '--all-domains')), 2)
        self.assertEqual(self.program.run('apikey', 'revoke', 'nothing')[0], 1)
        self.assertEqual(self.program.run('apikey', 'add', 'x', '--organizer', 'nobody@league.example')[0], 1)

    def test_a_newcomer_confirms_by_the_link_that_was_mailed(self):
        mail = self.program.write('new.eml', invitation('derby', 'ana@club.example'))
        item = self.program.lines('ingest', mail, '--as', 'ana@club.example', code=1)[0]
        self.assertEqual(item['outcome'], 'quarantined')
        token = self.link_in_spool('/c/')
        lines = self.program.lines('organizer', 'confirm', token)
        self.assertEqual(lines[0]['outcome'], 'created')
        self.assertEqual(lines[1]['organizer'], 'ana@club.example')
        self.assertEqual(self.program.lines('events')[0]['organizer'], 'ana@club.example')
        self.assertEqual(self.program.lines('quarantine', 'list'), [])
        self.assertEqual(self.program.run('organizer', 'confirm', token[:-1] + ('A' if token[-1] != 'A' else 'B'))[0], 1)
        self.program.lines('domain', 'set', 'league', '--registration', 'closed')
        self.assertEqual(self.program.run('domain', 'set', 'league', '--registration', 'perhaps')[0], 2)

    def test_a_held_change_is_previewed_approved_and_dropped(self):
        self.program.lines('organizer', 'set', ORGANIZER, '--approval', 'on')
        uid = self.program.lines('ingest', self.program.write('a.eml', invitation('derby', ORGANIZER)),
                                 '--as', ORGANIZER)[0]['event']
        self.program.lines('invite', uid, '--to', 'fan@fans.example', '--yes')

        def change(sequence):
            mail = invitation('derby', ORGANIZER, sequence, f'2037060{sequence + 1}T193000Z')
            return self.program.lines('ingest', self.program.write('b.eml', mail), '--as', ORGANIZER)[0]
        self.assertEqual(change(1)['outcome'], 'held')
        self.assertEqual([line['uid'] for line in self.program.lines('approvals')], [uid])
        waits, plan = self.program.lines('update', uid, '--preview')
        self.assertEqual((waits['start'], waits['waits'], plan['update']), ('2037-06-02T19:30:00', True, 1))
        self.assertEqual(self.program.lines('events')[0]['start'], '2037-06-01T19:30:00')
        self.assertEqual(self.program.lines('update', uid, '--yes')[0]['update'], 1)
        self.assertEqual(self.program.lines('events')[0]['start'], '2037-06-02T19:30:00')
        self.assertEqual(self.program.lines('approvals'), [])
        self.assertEqual(change(2)['outcome'], 'held')
        self.program.lines('update', uid, '--drop')
        self.assertEqual(self.program.run('update', uid, '--drop')[0], 1)
        self.assertEqual(self.program.lines('update', uid, '--preview'),
                         [{'event': uid, 'invite': 0, 'update': 0, 'cancel': 0, 'skip': {}}])

    def test_no_command_in_one_domain_has_a_trace_of_another(self):
        program = self.program
        canary = 'kanarienvogel'
        boss = f'{canary}@people.example'
        program.lines('domain', 'add', canary, '--from', f'cal@reply.{canary}.example',
                      '--reply-domain', f'reply.{canary}.example', '--base-url', f'https://{canary}.example')
        program.lines('--domain', canary, 'organizer', 'add', boss, '--name', canary)
        mail = program.write('c.eml', invitation(canary, boss, domain=canary))
        hidden = program.lines('ingest', mail, '--as', boss)[0]['event']
        program.lines('--domain', canary, 'invite', hidden, '--to', f'{canary}@fans.example', '--yes')
        program.lines('--domain', canary, 'apikey', 'add', canary)
        program.lines('ingest', program.write('d.eml', invitation(canary + '2', boss, domain=canary)), code=1)
        own = program.lines('--domain', 'league', 'event', 'create', '--organizer', ORGANIZER, '--summary', 'ours',
                            '--start', '2037-05-08T15:00', '--timezone', 'Europe/London')[0]['uid']

        commands = [
            ('organizer', 'list'), ('notices',), ('apikey', 'list'), ('approvals',), ('events',),
            ('events', '--search', canary), ('events', '--organizer', boss), ('event', 'show', hidden),
            ('event', 'cancel', hidden), ('update', hidden, '--preview'), ('update', hidden, '--yes'),
            ('update', hidden, '--summary', 'x', '--yes'), ('invite', hidden, '--to', 'a@fans.example', '--yes'),
            ('uninvite', hidden, 'a@fans.example'), ('resend', hidden, 'a@fans.example'), ('resend', hidden, '--in-doubt'),
            ('resend', hidden, '--outdated'), ('report',), ('report', hidden), ('report', '--organizer', boss),
            ('report', '--format', 'csv'), ('report', own, '--format', 'table'), ('button', hidden, '--preset', 'generic'),
            ('quarantine', 'list'), ('quarantine', 'show', '1'), ('quarantine', 'release', '1'), ('quarantine', 'drop', '1')]
        before = program.lines('--domain', canary, 'report')
        for command in commands:
            code, lines, errors = program.run('--domain', 'league', *command)
            said = str(lines) + errors
            for word in command:  # what was asked may be repeated
                said = said.replace(word, '')
            self.assertNotIn(canary, said, command)
            if hidden in command or '1' in command:
                self.assertEqual(code, 1, command)
        self.assertEqual(program.lines('--domain', canary, 'report'), before)
        self.assertEqual(len(program.lines('--domain', canary, 'quarantine', 'list')), 1)
        self.assertIn(canary, str(program.lines('--domain', canary, 'events')))


if __name__ == '__main__':
    unittest.main()
