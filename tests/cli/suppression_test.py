"""suppress, consent and erase, as scripts rely on them."""
import csv
import glob
import os
import subprocess
import sys
import unittest

from program import ORGANIZER, Program

BUILD = sys.argv.pop(1)


class SuppressionTest(unittest.TestCase):
    def setUp(self):
        self.program = Program(BUILD)
        self.addCleanup(self.program.__exit__)
        self.program.add_league()

    def plain(self, *arguments):
        """stdout of the program without --json."""
        return subprocess.run([self.program.path, *arguments], env=self.program.environment,
                              capture_output=True, text=True, check=True, timeout=240).stdout

    def test_who_is_suppressed_gets_nothing_until_it_is_lifted(self):
        uid = self.program.event()
        added = self.program.lines('suppress', 'add', 'A@Example.com', '--organizer', ORGANIZER,
                                   '--reason', 'left the club')
        self.assertEqual(added, [{'email': 'A@Example.com', 'added': True}])
        again = self.program.lines('suppress', 'add', 'a@example.com', '--organizer', ORGANIZER)
        self.assertFalse(again[0]['added'])
        plan = self.program.lines('invite', uid, '--to', 'a@example.com', '--to', 'b@example.com')[0]
        self.assertEqual((plan['invite'], plan['skip']), (1, {'suppressed': 1}))
        row = self.program.lines('suppress', 'list', 'a@example.com')[0]
        self.assertEqual(list(row), ['email', 'domain', 'organizer', 'reason', 'time'])
        self.assertEqual((row['domain'], row['organizer'], row['reason']),
                         ('league', ORGANIZER, 'left the club'))
        self.assertIn(f'{ORGANIZER} of league  left the club', self.plain('suppress', 'list'))
        code, lines, errors = self.program.run('suppress', 'remove', 'a@example.com')
        self.assertEqual((code, lines), (1, []))
        self.assertIn('not suppressed there', errors)
        self.program.lines('suppress', 'remove', 'a@example.com', '--organizer', ORGANIZER)
        self.assertEqual(self.program.lines('suppress', 'list'), [])

    def test_everywhere_is_the_operators(self):
        self.program.lines('suppress', 'add', 'a@example.com', '--everywhere')
        self.assertEqual(self.program.lines('suppress', 'list'), [])
        self.assertEqual(self.program.lines('suppress', 'list', '--everywhere')[0]['domain'], '')
        plan = self.program.lines('invite', self.program.event(), '--to', 'a@example.com')[0]
        self.assertEqual(plan['skip'], {'suppressed': 1})

    def test_a_list_is_imported_and_exported(self):
        stop = self.program.write('stop.csv', 'email,reason\na@example.com,=cmd\nnobody,x\nb@example.com,\n')
        code, lines, errors = self.program.run('suppress', 'import', stop)
        self.assertEqual((code, lines), (4, [{'added': 2, 'known': 0, 'bad': 1}]))
        self.assertIn('stop.csv:3: ', errors)
        _, lines, _ = self.program.run('suppress', 'import', stop)
        self.assertEqual(lines, [{'added': 0, 'known': 2, 'bad': 1}])
        self.assertEqual(len(self.program.lines('suppress', 'export')), 2)
        out = os.path.join(self.program.directory, 'out.csv')
        self.plain('suppress', 'export', out)
        with open(out, encoding='utf-8', newline='') as file:
            rows = list(csv.reader(file))
        self.assertEqual(rows[0], ['email', 'domain', 'organizer', 'reason', 'time'])
        self.assertEqual([row[:4] for row in rows[1:]], [['a@example.com', 'league', '', "'=cmd"],
                                                         ['b@example.com', 'league', '', 'manual']])
        self.assertEqual(self.plain('suppress', 'export').splitlines()[1].split(',')[0], '"a@example.com"')
        _, lines, _ = self.program.run('suppress', 'import', out)
        self.assertEqual(lines, [{'added': 0, 'known': 2, 'bad': 0}])
        bad = self.program.write('bad.csv', 'email\nnobody\n')
        self.assertEqual(self.program.run('suppress', 'import', bad)[0], 1)

    def test_consent_comes_with_a_list(self):
        fans = self.program.write('fans.csv', 'email,consent_source,consent_time,consent_text\n'
                                              'a@example.com,form,2026-05-01T10:00:00Z,Mail me\n')
        self.program.lines('invite', self.program.event(), '--list', fans, '--yes')
        self.assertEqual(self.program.lines('consent', 'list', 'a@example.com'),
                         [{'email': 'a@example.com', 'domain': 'league', 'organizer': ORGANIZER,
                           'source': 'form', 'time': '2026-05-01T10:00:00Z', 'text': 'Mail me',
                           'withdrawn': ''}])

    def test_a_person_is_erased_from_the_files_and_stays_suppressed(self):
        uid = self.program.event()
        self.program.lines('invite', uid, '--to', 'Ana <ana@example.com>', '--to',
                           'b@example.com', '--yes')
        spool = os.path.join(self.program.directory, 'spool')
        self.program.lines('dispatch', '--transport', f'spool:{spool}')
        self.assertIn(b'ana@example.com', self.store_bytes())
        done = self.program.lines('erase', 'ANA@example.com')[0]
        self.assertEqual(list(done), ['email', 'attendees', 'receipts', 'suppressed', 'consents', 'quarantined',
                                      'notices', 'named'])
        self.assertEqual((done['attendees'], done['receipts']), (1, 2))
        self.assertNotIn(b'ana@example.com', self.store_bytes())
        self.assertEqual(self.program.totals()['accepted'], 2)
        plan = self.program.lines('invite', self.program.event('Next'), '--to', 'ana@example.com')[0]
        self.assertEqual(plan['skip'], {'suppressed': 1})
        self.assertEqual(self.program.lines('suppress', 'list', 'ana@example.com', '--everywhere')[0]['reason'],
                         'erased')

    def test_an_organizer_is_not_erased(self):
        code, lines, errors = self.program.run('erase', ORGANIZER)
        self.assertEqual((code, lines), (1, []))
        self.assertIn('suspend them first', errors)
        self.program.lines('organizer', 'suspend', ORGANIZER)
        self.program.lines('erase', ORGANIZER, '--domain', 'league')
        self.assertNotIn(ORGANIZER.encode(), self.store_bytes())

    def store_bytes(self):
        content = b''
        for path in glob.glob(f'{self.program.directory}/league.db*'):
            with open(path, 'rb') as file:
                content += file.read().lower()
        return content


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
