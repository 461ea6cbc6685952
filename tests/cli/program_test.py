"""The program's commands, exit codes and JSON lines, as scripts rely on them."""
import email
import glob
import json
import os
import stat
import sys
import unittest
from email import policy

from program import ORGANIZER, Program

BUILD = sys.argv.pop(1)


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.program = Program(BUILD)
        self.addCleanup(self.program.__exit__)
        self.program.add_league()

    def test_a_campaign_from_a_list_to_a_spool_folder(self):
        uid = self.program.event()
        fans = self.program.write('fans.csv', 'email,name,language\na@example.com,Fan A,en\nb@example.net,,de\n')
        plan = self.program.lines('invite', uid, '--list', fans)[0]
        self.assertEqual(plan, {'event': uid, 'invite': 2, 'update': 0, 'cancel': 0, 'skip': {}})
        self.assertEqual(self.program.totals()['planned'], 0)
        self.program.lines('invite', uid, '--list', fans, '--yes')
        again = self.program.lines('invite', uid, '--list', fans, '--yes')[0]
        self.assertEqual(again['skip'], {'already_invited': 2})
        spool = os.path.join(self.program.directory, 'spool')
        totals = self.program.lines('dispatch', '--transport', f'spool:{spool}')[-1]
        self.assertEqual((totals['planned'], totals['accepted']), (2, 2))
        self.assertEqual(list(totals), ['planned', 'accepted', 'refused', 'suppressed', 'superseded',
                                        'expired', 'in_doubt', 'pending', 'claimed', 'held'])
        self.assertEqual(len(glob.glob(f'{spool}/new/*.eml')), 2)
        event = self.program.lines('events')[0]
        self.assertEqual(list(event), ['uid', 'source_uid', 'summary', 'start', 'end', 'timezone',
                                       'all_day', 'organizer', 'status', 'sequence', 'attendees'])
        self.assertEqual(event['attendees'], 2)

    def test_a_domain_invites_in_its_own_words(self):
        own = ('Club news: {{summary}}\n{{when}} {{organizer}}\n'
               '{{#accept}}{{accept}} {{tentative}} {{decline}}{{/accept}} {{unsubscribe}}\n')
        broken = self.program.write('broken.txt', own + '{{{where}}}\n')
        code, lines, errors = self.program.run('domain', 'template', 'invitation.txt', broken)
        self.assertEqual((code, lines), (1, []))
        self.assertIn('invitation.txt:4: {{{where}} would write a value unescaped', errors)
        set_ = self.program.lines('domain', 'template', 'invitation.txt', self.program.write('own.txt', own))
        self.assertEqual(set_, [{'template': 'invitation.txt', 'own': True}])
        self.program.lines('invite', self.program.event(), '--to', 'a@example.com', '--yes')
        spool = os.path.join(self.program.directory, 'spool')
        self.program.lines('dispatch', '--transport', f'spool:{spool}')
        with open(glob.glob(f'{spool}/new/*.eml')[0], 'rb') as file:
            mail = email.message_from_binary_file(file, policy=policy.default)
        text = mail.get_body(('plain',)).get_content()
        self.assertTrue(text.startswith('Club news: Harbour v Hill\n'), text)

    def preview(self, uid):
        """The unfolded calendar object and the text of what somebody would be sent."""
        shown = self.program.lines('preview', uid, '--attendee', 'fan@example.com')[0]['eml']
        mail = email.message_from_string(shown, policy=policy.default)
        calendar = next(p for p in mail.walk() if p.get_content_type() == 'text/calendar').get_content()
        return calendar.replace('\r\n', '\n').replace('\n ', ''), mail.get_body(('plain',)).get_content()

    def test_an_event_says_all_that_its_invitation_may(self):
        uid = self.program.lines(
            'event', 'create', '--organizer', ORGANIZER, '--summary', 'Members talk', '--start', '2037-05-08T15:00',
            '--timezone', 'Europe/London', '--conference', 'https://meet.example/1', '--reminder', '20',
            '--transparent', '--no-wants-answers', '--no-counters-allowed')[0]['uid']
        calendar, text = self.preview(uid)
        for line in ('TRANSP:TRANSPARENT', 'TRIGGER:-PT20M', 'X-MICROSOFT-DISALLOW-COUNTER:TRUE',
                     'LOCATION:https://meet.example/1'):
            self.assertIn(f'\n{line}\n', calendar)
        self.assertIn(';RSVP=FALSE', calendar)
        self.assertIn('Join online: https://meet.example/1', text)
        self.assertNotIn('answer=accepted', text)
        self.program.lines('update', uid, '--reminder', '-1', '--conference', '', '--wants-answers',
                           '--no-transparent', '--counters-allowed', '--yes')
        calendar, text = self.preview(uid)
        for part in ('VALARM', 'CONFERENCE', 'DISALLOW-COUNTER', 'TRANSPARENT', 'RSVP=FALSE'):
            self.assertNotIn(part, calendar)
        self.assertIn('answer=accepted', text)
        for wrong in (('--reminder', '-2'), ('--reminder', '50000'), ('--conference', 'http://meet.example/1')):
            self.assertEqual(self.program.run('update', uid, *wrong, '--yes')[0], 1, wrong)
        self.assertEqual(self.program.run('update', uid, '--reminder', 'soon', '--yes')[0], 2)

    def test_an_event_takes_as_many_people_as_its_limit_says(self):
        uid = self.program.lines('event', 'create', '--organizer', ORGANIZER, '--summary', 'Small talk', '--start',
                                 '2037-05-08T15:00', '--timezone', 'Europe/London', '--invite-limit', '1')[0]['uid']
        people = ('--to', 'one@example.com', 'two@example.com', '--yes')
        plan = self.program.lines('invite', uid, *people)[-1]
        self.assertEqual((plan['invite'], plan['skip']), (1, {'limit_reached': 1}))
        self.program.lines('update', uid, '--invite-limit', '0', '--yes')
        plan = self.program.lines('invite', uid, *people)[-1]
        self.assertEqual((plan['invite'], plan['skip']), (1, {'already_invited': 1}))

    def test_settings_of_a_domain_change_later(self):
        uid = self.program.lines('event', 'create', '--organizer', ORGANIZER, '--summary', 'Derby', '--description',
                                 'Bring a scarf', '--start', '2037-05-08T15:00', '--timezone', 'Europe/London')[0]['uid']
        line = self.program.lines('domain', 'set', 'league', '--description-limit', '5',
                                  '--base-url', 'https://new.league.example/', '--no-uninvite-status')[0]
        self.assertEqual(line, {'domain': 'league', 'from': 'cal@reply.league.example',
                                'reply_domain': 'reply.league.example', 'base_url': 'https://new.league.example',
                                'registration': 'confirm', 'event_limit': 0, 'invite_limit': 2500, 'approval': False,
                                'shared_attendees': 'hold'})
        text = self.preview(uid)[1]
        self.assertIn('Bring…', text)
        self.assertIn('https://new.league.example/', text)
        self.program.lines('domain', 'set', 'league', '--description-limit', '500')
        text = self.preview(uid)[1]
        self.assertIn('Bring a scarf', text)
        self.assertIn('https://new.league.example/', text)
        for name, option, value in (('league', '--base-url', 'http://new.league.example'),
                                    ('league', '--from', 'cal@elsewhere.example'), ('cup', '--from', 'a@b.example')):
            code, lines, errors = self.program.run('domain', 'set', name, option, value)
            self.assertEqual((code, lines, errors.count('\n')), (1, [], 1))

    def test_organizers_keep_the_sender_address_that_calendars_know_them_by(self):
        def sender_of(organizer):
            uid = self.program.lines('event', 'create', '--organizer', organizer, '--summary', 'Derby', '--start',
                                     '2037-05-08T15:00', '--timezone', 'Europe/London')[0]['uid']
            shown = self.program.lines('preview', uid, '--attendee', 'fan@example.com')[0]['eml']
            return email.message_from_string(shown, policy=policy.default)['From'].addresses[0].addr_spec

        self.program.lines('organizer', 'add', 'press@league.example', '--local-part', 'press')
        told = self.program.lines('domain', 'set', 'league', '--from', 'play@reply.league.example')
        self.assertEqual(told[0]['from'], 'play@reply.league.example')
        self.assertEqual(told[1:], [{'domain': 'league', 'kept_from': 'cal@reply.league.example', 'organizers': 1}])
        self.program.lines('organizer', 'add', 'cup@league.example')
        for organizer, local_part in ((ORGANIZER, 'cal'), ('press@league.example', 'press'), ('cup@league.example', 'play')):
            self.assertRegex(sender_of(organizer), rf'^{local_part}\+\w+@reply\.league\.example$')
        same = self.program.lines('domain', 'set', 'league', '--from', 'play@reply.league.example')
        self.assertEqual(len(same), 1)
        self.assertEqual(self.program.text('domain', 'set', 'league', '--from', 'cal@reply.league.example').splitlines(), [
            'domain league sends as cal@reply.league.example',
            '1 organizer keeps play@reply.league.example, by which calendars know them'])
        help_ = ' '.join(self.program.text('domain', 'set', '--help').split())
        self.assertIn('organizers keep the sender address they have', help_)

    def test_what_is_given_empty_empties_a_field(self):
        uid = self.program.lines(
            'event', 'create', '--organizer', ORGANIZER, '--summary', 'Derby', '--start', '2037-05-08T15:00', '--timezone',
            'Europe/London', '--description', 'Bring a scarf', '--location', 'Gate 3', '--url', 'https://league.example/1',
            '--landing', 'https://league.example/thanks', '--language', 'de', '--listed')[0]['uid']
        told = ('description', 'location', 'url', 'landing', 'language', 'listed')

        def shown():
            event = self.program.lines('event', 'show', uid)[0]
            return [event[name] for name in told]

        self.assertEqual(shown(), ['Bring a scarf', 'Gate 3', 'https://league.example/1', 'https://league.example/thanks',
                                   'de', True])
        self.program.lines('update', uid, '--location', '', '--preview')
        self.assertEqual(shown()[1], 'Gate 3')
        self.program.lines('update', uid, '--description', '', '--location', '', '--yes')
        self.assertEqual(shown(), ['', '', 'https://league.example/1', 'https://league.example/thanks', 'de', True])
        self.program.lines('update', uid, '--url', '', '--landing', '', '--language', '', '--no-listed', '--yes')
        self.assertEqual(shown(), ['', '', '', '', '', False])
        self.assertNotIn('LOCATION', self.preview(uid)[0])
        for needed in ('--summary', '--start', '--end', '--timezone'):
            self.assertEqual(self.program.run('update', uid, needed, '', '--yes')[0], 1, needed)
        self.assertEqual(self.program.run('update', uid, '--landing', 'league.example', '--yes')[0], 1)
        self.assertEqual(self.program.run('event', 'create', '--organizer', ORGANIZER, '--summary', 'Derby')[0], 2)

    def test_an_event_repeats_without_some_dates(self):
        uid = self.program.lines(
            'event', 'create', '--organizer', ORGANIZER, '--summary', 'Training', '--start', '2037-05-08T15:00',
            '--timezone', 'Europe/London', '--rrule', 'FREQ=WEEKLY;COUNT=4', '--exdate', '2037-05-22', '--exdate',
            '2037-05-15T15:00')[0]['uid']
        shown = self.program.lines('event', 'show', uid)[0]
        self.assertEqual((shown['rrule'], shown['exdates']),
                         ('FREQ=WEEKLY;COUNT=4', ['2037-05-15T15:00:00', '2037-05-22T15:00:00']))
        calendar = self.preview(uid)[0]
        self.assertIn('\nRRULE:FREQ=WEEKLY;COUNT=4\n', calendar)
        self.assertEqual(calendar.count('\nEXDATE'), 2)
        self.program.lines('update', '--rrule', 'FREQ=WEEKLY;COUNT=5', '--exdate', '2037-05-29', uid, '--yes')
        self.assertEqual(self.program.lines('event', 'show', uid)[0]['exdates'], ['2037-05-29T15:00:00'])
        self.assertIn('without: 2037-05-29T15:00:00', self.program.text('event', 'show', uid))
        self.program.lines('update', uid, '--start', '2037-05-08T17:30', '--end', '2037-05-08T18:30', '--yes')
        self.assertEqual(self.program.lines('event', 'show', uid)[0]['exdates'], ['2037-05-29T17:30:00'])
        self.program.lines('update', uid, '--exdate', '', '--yes')
        self.assertEqual(self.program.lines('event', 'show', uid)[0]['exdates'], [])
        self.program.lines('update', uid, '--exdate', '2037-05-29', '--yes')
        self.program.lines('update', uid, '--rrule', '', '--yes')
        shown = self.program.lines('event', 'show', uid)[0]
        self.assertEqual((shown['rrule'], shown['exdates']), ('', []))
        for wrong in (('--rrule', 'FREQ=HOURLY'), ('--exdate', 'Friday'), ('--rrule', 'often')):
            self.assertEqual(self.program.run('update', uid, *wrong, '--yes')[0], 1, wrong)

    def test_a_message_is_previewed_before_anybody_is_invited(self):
        uid = self.program.event()
        shown = self.program.lines('preview', uid, '--attendee', 'Fan@Example.com')[0]
        self.assertEqual((shown['event'], shown['attendee']), (uid, 'fan@example.com'))
        mail = email.message_from_string(shown['eml'], policy=policy.default)
        self.assertIn('Harbour v Hill', mail['Subject'])
        page = self.program.lines('preview', uid, '--attendee', 'fan@example.com', '--format', 'html')[0]['html']
        self.assertTrue(page.startswith('<!DOCTYPE html>'))
        self.assertEqual(self.program.totals()['planned'], 0)
        for arguments in ((uid, '--attendee', 'nobody'), ('ev-none', '--attendee', 'fan@example.com')):
            code, lines, errors = self.program.run('preview', *arguments)
            self.assertEqual((code, lines, errors.count('\n')), (1, [], 1))
        self.program.lines('preview', uid, code=2)

    def test_resend_wants_to_know_whom(self):
        uid = self.program.event()
        self.program.lines('invite', uid, '--to', 'fan@example.com', '--yes')
        for whom in ('--in-doubt', '--outdated'):
            plan = self.program.lines('resend', uid, whom)[0]
            self.assertEqual((plan['update'], plan['skip']), (0, {}))
        self.assertEqual(self.program.lines('resend', uid, 'fan@example.com', code=1)[0]['skip'], {'on_its_way': 1})
        self.program.lines('resend', uid, code=2)
        self.program.lines('resend', uid, 'fan@example.com', '--in-doubt', code=2)

    def test_a_receipt_of_ses_vouches_for_one_mail(self):
        calendar = ('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:derby-1\r\n'
                    'DTSTAMP:20370101T100000Z\r\nDTSTART:20370508T140000Z\r\nSUMMARY:Derby\r\n'
                    f'ORGANIZER:mailto:{ORGANIZER}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n')
        mail = self.program.write('derby.eml', f'From: {ORGANIZER}\r\nTo: create@reply.league.example\r\n'
                                  f'Content-Type: text/calendar; method=REQUEST\r\n\r\n{calendar}')

        def receipt(name, dmarc, **more):
            return self.program.write(name, json.dumps({
                'notificationType': 'Received', 'mail': {'messageId': 'o3vr'},
                'receipt': {'recipients': ['create@reply.league.example'],
                            'dmarcVerdict': {'status': dmarc}, 'action': {'type': 'SNS'}}, **more}))
        failed = self.program.lines('ingest', mail, '--receipt', receipt('failed.json', 'FAIL'), code=1)
        self.assertEqual(failed[0]['outcome'], 'quarantined')
        passed = self.program.lines('ingest', mail, '--receipt', receipt('passed.json', 'PASS'))
        self.assertEqual(passed[0]['outcome'], 'created')
        with open(mail, encoding='utf-8', newline='') as file:
            content = file.read()
        whole = receipt('whole.json', 'PASS', content=content)
        self.assertEqual(self.program.lines('ingest', whole, '--trust-receipt')[0]['outcome'], 'already seen')
        unproven = self.program.lines('ingest', whole, code=1)[0]
        self.assertEqual(unproven['outcome'], 'quarantined')
        self.assertIn('--trust-receipt', unproven['reason'])
        code, _, errors = self.program.run('ingest', mail, mail, '--receipt', mail)
        self.assertEqual((code, 'one FILE' in errors), (1, True))

    def test_bad_rows_are_told_and_good_rows_land(self):
        rows = self.program.write('rows.csv', 'uid,summary,start,end,timezone\n'
                                  'a,Good,2037-03-01T19:30,2037-03-01T21:00,Europe/Berlin\n'
                                  'b,No zone,2037-03-01T19:30,2037-03-01T21:00,\n'
                                  'c,Bad day,2037-02-30T19:30,2037-02-30T21:00,Europe/Berlin\n')
        items = self.program.lines('ingest', rows, '--as', ORGANIZER, code=4)
        self.assertEqual(sorted(i['outcome'] for i in items), ['created', 'refused', 'refused'])
        self.assertEqual(sorted(i['line'] for i in items if i['outcome'] == 'refused'), [3, 4])
        for item in items:
            self.assertEqual(list(item)[:5], ['file', 'item', 'outcome', 'event', 'reason'])

    def test_dates_of_a_list_are_read_in_the_order_that_was_said(self):
        rows = self.program.write('rows.csv', 'uid,summary,start\na,Cup,05.06.2037\n')
        refused = self.program.lines('ingest', rows, '--as', ORGANIZER, code=1)[0]
        self.assertIn('05.06.2037', refused['reason'])
        self.program.lines('ingest', rows, '--as', ORGANIZER, '--date-order', 'dmy')
        self.assertEqual(self.program.lines('events')[0]['start'][:10], '2037-06-05')
        self.program.lines('ingest', rows, '--as', ORGANIZER, '--date-order', 'ymd', code=2)

    def test_people_of_a_list_are_invited_to_the_events_of_their_rows(self):
        rows = self.program.write('rows.csv', 'uid,summary,start\na,Cup,2037-06-05\n')
        self.program.lines('ingest', rows, '--as', ORGANIZER)
        people = self.program.write('people.csv', 'uid,email,name\na,fan@example.com,Fan\n')
        item = self.program.lines('ingest', people, '--as', ORGANIZER)[0]
        self.assertEqual((item['outcome'], item['reason']), ('recorded', '1 invited'))
        again = self.program.lines('ingest', people, '--as', ORGANIZER)[0]
        self.assertEqual(again['outcome'], 'already seen')

    def test_input_of_nobody_waits_in_quarantine(self):
        rows = self.program.write('rows.csv', 'uid,summary,start\na,Good,2037-03-01\n')
        self.assertEqual(self.program.lines('ingest', rows, code=1)[0]['outcome'], 'quarantined')
        item = self.program.lines('quarantine', 'list')[0]
        shown = self.program.lines('quarantine', 'show', str(item['id']))[0]
        self.assertIn('Good', shown['raw'])
        self.program.lines('quarantine', 'drop', str(item['id']))
        self.assertEqual(self.program.lines('quarantine', 'list'), [])

    def test_a_forged_update_waits_in_quarantine_and_changes_nothing(self):
        def invitation(name, sender, sequence, start):
            return self.program.write(name, '\r\n'.join([
                f'From: <{sender}>', 'To: <create@reply.league.example>', 'Subject: Derby', 'MIME-Version: 1.0',
                'Content-Type: text/calendar; charset=UTF-8; method=REQUEST', '',
                'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Client 1//EN', 'METHOD:REQUEST',
                'BEGIN:VEVENT', 'UID:derby', f'SEQUENCE:{sequence}', f'DTSTAMP:2037010{sequence + 1}T100000Z',
                f'DTSTART:{start}', 'DURATION:PT2H', 'SUMMARY:Derby', f'ORGANIZER:mailto:{ORGANIZER}',
                'END:VEVENT', 'END:VCALENDAR', '']))
        mail = invitation('derby.eml', ORGANIZER, 0, '20370601T193000Z')
        self.program.lines('ingest', mail, '--as', ORGANIZER)
        self.program.lines('organizer', 'add', 'rival@league.example')
        before = self.program.lines('events')
        for sender, words in (('rival@league.example', 'does not own'), ('stranger@else.example', 'not an organizer')):
            forged = invitation('forged.eml', sender, 1, '20370602T193000Z')
            item = self.program.lines('ingest', forged, '--as', sender, code=1)[0]
            self.assertEqual(item['outcome'], 'quarantined')
            self.assertIn(words, item['reason'])
        unvouched = invitation('unvouched.eml', ORGANIZER, 1, '20370602T193000Z')
        self.assertEqual(self.program.lines('ingest', unvouched, code=1)[0]['outcome'], 'quarantined')
        self.assertEqual(self.program.lines('events'), before)
        kept = self.program.lines('quarantine', 'list')
        self.assertEqual(len(kept), 3)
        last = str(kept[-1]['id'])
        code, _, errors = self.program.run('quarantine', 'release', last)
        self.assertEqual((code, '--as' in errors), (1, True))
        self.assertEqual(self.program.lines('quarantine', 'release', last, '--as', ORGANIZER)[0]['outcome'], 'updated')
        self.assertEqual(len(self.program.lines('quarantine', 'list')), 2)
        self.assertEqual(self.program.lines('events')[0]['start'], '2037-06-02T19:30:00')

    def test_a_delegate_mails_for_the_organizer(self):
        self.program.lines('organizer', 'delegate', ORGANIZER, '--to', 'assistant@club.example')
        self.program.lines('organizer', 'delegate', 'nobody@league.example', '--to', 'a@club.example', code=1)
        self.program.lines('organizer', 'delegate', ORGANIZER, '--to', 'assistant@club.example', '--remove')

    def test_exit_codes_tell_refused_usage_and_unavailable_apart(self):
        self.assertEqual(self.program.run('events', '--no-such-option')[0], 2)
        self.assertEqual(self.program.run('event', 'show', 'ci-0')[0], 1)
        self.assertEqual(self.program.run('--store', 'postgresql://localhost/x', 'events')[0], 2)
        self.assertEqual(self.program.run('--store', 'sqlite:/no/such/folder/x.db', 'events')[0], 3)
        self.assertEqual(self.program.run('rsvp', 'A' * 54, '--answer', 'accepted')[0], 1)
        code, _, errors = self.program.run('dispatch', '--transport', 'pigeon:coop')
        self.assertEqual(code, 2)
        self.assertIn('pigeon', errors)

    def test_options_come_from_the_environment_too(self):
        self.program.environment['CALINVITE_SEARCH'] = 'nothing like it'
        self.program.event()
        self.assertEqual(self.program.lines('events'), [])

    def test_an_answer_by_link_changes_and_a_forged_one_does_not(self):
        uid = self.program.event()
        self.program.lines('invite', uid, '--to', 'a@example.com', '--yes')
        spool = os.path.join(self.program.directory, 'spool')
        self.program.lines('dispatch', '--transport', f'spool:{spool}')
        with open(glob.glob(f'{spool}/new/*.eml')[0], 'rb') as file:
            text = email.message_from_binary_file(file, policy=policy.default).get_body(('plain',)).get_content()
        token = text.split('/r/', 1)[1][:54]
        self.assertEqual(self.program.lines('rsvp', token, '--answer', 'tentative')[0]['outcome'], 'replied')
        self.assertEqual(self.program.lines('report', uid)[0]['rsvp']['tentative'], 1)
        forged = token[:10] + ('A' if token[10] != 'A' else 'B') + token[11:]
        self.program.lines('rsvp', forged, '--answer', 'declined', code=1)
        self.assertEqual(self.program.lines('report', uid)[0]['rsvp']['tentative'], 1)

    def test_who_answers_a_forwarded_invitation_is_shown_beside_the_event(self):
        uid = self.program.event()
        self.program.lines('invite', uid, '--to', 'a@example.com', '--yes')
        spool = os.path.join(self.program.directory, 'spool')
        self.program.lines('dispatch', '--transport', f'spool:{spool}')
        with open(glob.glob(f'{spool}/new/*.eml')[0], 'rb') as file:
            invitation = email.message_from_binary_file(file, policy=policy.default)
        calendar = next(part for part in invitation.walk() if part.get_content_type() == 'text/calendar')
        copy = next(line for line in calendar.get_content().splitlines() if line.startswith('UID:'))
        answer = self.program.write('answer.eml', '\r\n'.join([
            'From: <friend@example.net>', f'To: {invitation["From"].addresses[0].addr_spec}', 'MIME-Version: 1.0',
            'Content-Type: text/calendar; method=REPLY', '',
            'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Client 1//EN', 'METHOD:REPLY', 'BEGIN:VEVENT', copy,
            'DTSTAMP:20270101T100000Z', 'ATTENDEE;PARTSTAT=ACCEPTED:mailto:friend@example.net',
            'END:VEVENT', 'END:VCALENDAR', '']))
        item = self.program.lines('ingest', answer)[0]
        self.assertEqual((item['outcome'], item['event']), ('recorded', uid))
        shown = self.program.lines('event', 'show', uid)
        self.assertEqual(shown[1], {'shared': 'friend@example.net', 'name': '', 'status': 'accepted', 'via': 'a@example.com'})
        self.assertEqual(self.program.lines('report', uid)[0]['rsvp']['accepted'], 0)

    def test_a_copy_is_sent_again_on_request(self):
        uid = self.program.event()
        self.program.lines('invite', uid, '--to', 'a@example.com', '--yes')
        self.assertEqual(self.program.lines('resend', uid, 'a@example.com', code=1)[0]['skip'], {'on_its_way': 1})
        spool = os.path.join(self.program.directory, 'spool')
        self.program.lines('dispatch', '--transport', f'spool:{spool}')
        self.assertEqual(self.program.lines('resend', uid, 'a@example.com')[0]['update'], 1)
        self.assertEqual(self.program.lines('dispatch', '--transport', f'spool:{spool}')[-1]['accepted'], 2)
        self.assertEqual(len(glob.glob(f'{spool}/new/*.eml')), 2)
        self.program.lines('resend', uid, 'z@example.com', code=1)

    def test_an_update_shows_its_cost_before_it_is_made(self):
        uid = self.program.event()
        self.program.lines('invite', uid, '--to', 'a@example.com', '--to', 'b@example.com', '--yes')
        spool = 'spool:' + os.path.join(self.program.directory, 'spool')
        self.program.lines('dispatch', '--transport', spool)
        move = ('update', uid, '--start', '2037-05-08T17:00', '--end', '2037-05-08T19:00')
        self.assertEqual(self.program.lines(*move, '--preview')[0]['update'], 2)
        self.assertEqual(self.program.lines('event', 'show', uid)[0]['sequence'], 0)
        self.assertEqual(self.program.lines(*move, '--yes')[0]['update'], 2)
        self.program.lines('uninvite', uid, 'b@example.com')
        self.assertEqual(self.program.lines('event', 'cancel', uid)[0]['cancel'], 1)
        totals = self.program.lines('dispatch', '--transport', spool)[-1]
        self.assertEqual(totals['pending'], 0)
        self.assertEqual(totals['planned'], sum(totals.values()) - totals['planned'])

    def test_a_button_carries_the_vendors_merge_tags(self):
        html = self.program.lines('button', self.program.event(), '--preset', 'mailchimp')[0]['html']
        self.assertIn('*|EMAIL|*', html)
        self.assertIn('https://cal.league.example/event/', html)

    def test_the_master_key_is_its_owners_alone(self):
        mode = stat.S_IMODE(os.stat(f'{self.program.directory}/league.db.key').st_mode)
        self.assertEqual(mode, 0o600)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
