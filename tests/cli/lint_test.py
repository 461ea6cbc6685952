"""`calinvite lint`: what it prints, and the exit codes that scripts rely on."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

BUILD = os.path.abspath(sys.argv.pop(1))
CALINVITE = os.path.join(BUILD, 'examples/cli/calinvite')
DOWNLOAD = '\r\n'.join([
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Client 1//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH',
    'BEGIN:VEVENT', 'UID:derby-0123456789abcdef', 'DTSTAMP:20270101T100000Z', 'DTSTART:20270508T140000Z',
    'DTEND:20270508T160000Z', 'SUMMARY:Derby', 'END:VEVENT', 'END:VCALENDAR', ''])


class LintTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8', newline='') as file:
            file.write(content)
        return path

    def lint(self, *arguments, stdin=''):
        # In a folder of its own, where a store would be seen.
        done = subprocess.run([CALINVITE, *arguments], input=stdin, capture_output=True, text=True, timeout=60,
                              cwd=self.folder, env={'PATH': os.environ['PATH']})
        return done.returncode, done.stdout, done.stderr

    def test_a_clean_file_prints_nothing_and_makes_no_store(self):
        self.assertEqual(self.lint('lint', self.write('clean.ics', DOWNLOAD)), (0, '', ''))
        self.assertEqual(os.listdir(self.folder), ['clean.ics'])

    def test_an_error_ends_with_1_and_a_warning_does_not(self):
        path = self.write('floating.ics', DOWNLOAD.replace('0000Z', '0000'))
        code, out, _ = self.lint('lint', path)
        self.assertEqual(code, 1)
        self.assertIn(f'{path}:9:1: error R41 DTSTART has neither Z nor TZID (a floating time is another hour for '
                      'everybody abroad; all)\n', out)
        path = self.write('place.ics', DOWNLOAD.replace('SUMMARY', 'LOCATION:Hall, upstairs\r\nSUMMARY'))
        code, out, _ = self.lint('lint', path)
        self.assertEqual(code, 0)
        self.assertTrue(out.startswith(f'{path}:11:1: warning R49 '), out)

    def test_json_lines_have_these_keys(self):
        code, out, _ = self.lint('--json', 'lint', '-', stdin=DOWNLOAD.replace('VERSION:2.0\r\n', ''))
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(code, 0)
        self.assertEqual([list(line) for line in lines],
                         [['file', 'line', 'column', 'field', 'rule', 'severity', 'what', 'why', 'clients']])
        self.assertEqual((lines[0]['file'], lines[0]['line'], lines[0]['field'], lines[0]['rule'], lines[0]['severity']),
                         ('-', 1, 'VERSION', 'R31', 'warning'))

    def test_a_mail_is_told_from_a_calendar(self):
        mail = self.write('a.eml', 'From: a@example.org\r\nTo: b@example.net\r\nSubject: Hello\r\n\r\nHello\r\n')
        code, out, _ = self.lint('--json', 'lint', mail)
        self.assertEqual(code, 1)
        self.assertIn('R1', [json.loads(line)['rule'] for line in out.splitlines()])

    def test_several_files_and_what_is_no_message(self):
        clean, other = self.write('clean.ics', DOWNLOAD), self.write('notes.txt', 'nothing\n')
        code, out, errors = self.lint('lint', other, clean, os.path.join(self.folder, 'missing.eml'))
        self.assertEqual((code, out), (1, ''))
        self.assertIn('notes.txt', errors)
        self.assertIn('missing.eml', errors)

    def test_usage(self):
        self.assertEqual(self.lint('lint')[0], 2)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
