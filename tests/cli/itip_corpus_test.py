"""`calinvite ingest` on the invitations, answers and bounces of other projects' tests, beside what
those projects state. Prints how many verdicts agree; docs/conformance.md has the reasons for the
others. Without the corpus beside the project it says so and passes."""
import collections
import email
import email.policy
import glob
import os
import re
import sys
import unittest

from program import ORGANIZER, Program

BUILD = sys.argv.pop(1)
CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../shared/corpus/itip')

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/conformance.md'),
          encoding='utf-8') as document:
    CONFORMANCE = document.read()

CYRUS = 'foo@example.net'  # organizer of cyrus-imip's invitations
MOZILLA = 'sender@example.com'

Step = collections.namedtuple('Step', 'file sender outcomes reason')


def step(file, sender, outcomes, reason=''):
    """One input: who is vouched for as its sender, the outcomes of its items in order, and words of
    the first item's reason."""
    return Step(file, sender, outcomes.split(), reason)


class Scenario:
    """Inputs that follow on one another, and what must stand in the store afterwards."""

    def __init__(self, name, steps, event=None, disagrees=''):
        self.name = name
        self.steps = steps
        self.event = event or {}
        self.disagrees = disagrees  # why we do otherwise than the source states


STRUNK = 'strunk@example.org'  # organizer of sabre-vobject's


def new(test, outcomes):
    return step(f'sabre-vobject/BrokerNewEventTest/{test}/message.ics', STRUNK, outcomes)


def update(test, outcome):
    return [step(f'sabre-vobject/BrokerUpdateEventTest/{test}/oldMessage.ics', STRUNK, 'created'),
            step(f'sabre-vobject/BrokerUpdateEventTest/{test}/newMessage.ics', STRUNK, outcome)]


LISTS = 'only ATTENDEEs differ: whom calinvite invites, lists say'
OUTER_METHOD = 'the MIME method and METHOD differ: such mail is not acted on (R91)'

ORGANIZERS = [
    Scenario('mozilla-invitations: minor and major update of a series', [
        step('mozilla-invitations/repeat-event.eml', MOZILLA, 'created'),
        step('mozilla-invitations/repeat-update-minor.eml', MOZILLA, 'updated'),
        step('mozilla-invitations/repeat-update-major.eml', MOZILLA, 'updated')],
        {'start': '2022-03-16T05:00:00', 'sequence': 2, 'status': 'confirmed'}),
    Scenario('mozilla-invitations: one date of a series changes, twice', [
        step('mozilla-invitations/repeat-event.eml', MOZILLA, 'created'),
        step('mozilla-invitations/exception-minor.eml', MOZILLA, 'updated'),
        step('mozilla-invitations/exception-major.eml', MOZILLA, 'updated')],
        {'start': '2022-03-16T11:00:00', 'sequence': 2}),
    Scenario('mozilla-invitations: a series is cancelled', [
        step('mozilla-invitations/repeat-event.eml', MOZILLA, 'created'),
        step('mozilla-invitations/cancel-repeat-event.eml', MOZILLA, 'cancelled')],
        {'status': 'cancelled'}),
    Scenario('mozilla-invitations: the same again is known, an older state too', [
        step('mozilla-invitations/repeat-event.eml', MOZILLA, 'created'),
        step('mozilla-invitations/repeat-update-major.eml', MOZILLA, 'updated'),
        step('mozilla-invitations/repeat-update-major.eml', MOZILLA, 'already_seen'),
        step('mozilla-invitations/repeat-event.eml', MOZILLA, 'already_seen')],
        {'start': '2022-03-16T05:00:00'}),
    Scenario('mozilla-invitations: a stranger changes nothing', [
        step('mozilla-invitations/repeat-event.eml', MOZILLA, 'created'),
        step('mozilla-invitations/repeat-update-major.eml', '', 'quarantined', 'nobody vouches'),
        step('mozilla-invitations/cancel-repeat-event.eml', CYRUS, 'quarantined', 'not exactly the sender')],
        {'start': '2022-03-16T11:00:00', 'status': 'confirmed', 'sequence': 0}),
    Scenario('mozilla-invitations: a zone that nothing explains', [
        step('mozilla-invitations/invite.eml', 'john@example.com', 'quarantined', '"FLE"')],
        None, 'FLE names no zone, and no VTIMEZONE explains it (R95)'),
    Scenario('mozilla-invitations: a published event', [
        step('mozilla-invitations/message-non-invite.eml', 'noreply@example.com', 'created')],
        {'start': '2021-11-29T10:55:00', 'timezone': 'Europe/Helsinki'}),
    Scenario('mozilla-invitations: Teams, with a Windows zone', [
        step('mozilla-invitations/teams-meeting-invite.eml', 'marge@example.com', 'created')],
        {'start': '2020-12-02T19:00:00', 'timezone': 'Europe/Kyiv'}),

    Scenario('cyrus-imip: add', [
        step('cyrus-imip/imip_add/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_add/2-imip.eml', CYRUS, 'quarantined', 'ADD')],
        {'sequence': 0}, 'a date beside the rule can not be sent on (R61, R62)'),
    Scenario('cyrus-imip: cancel', [
        step('cyrus-imip/imip_cancel/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_cancel/2-imip.eml', CYRUS, 'cancelled')],
        {'status': 'cancelled'}),
    Scenario('cyrus-imip: cancel and delete', [
        step('cyrus-imip/imip_cancel_delete/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_cancel_delete/2-imip.eml', CYRUS, 'cancelled')],
        {'status': 'cancelled'}),
    Scenario('cyrus-imip: cancel of one date', [
        step('cyrus-imip/imip_cancel_instance/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_cancel_instance/2-imip.eml', CYRUS, 'updated')],
        {'status': 'confirmed', 'sequence': 1}),
    Scenario('cyrus-imip: a cancellation that an attendee forges', [
        step('cyrus-imip/imip_cancel_to_organizer/1-ical.ics', 'cassandane@example.com', 'created'),
        step('cyrus-imip/imip_cancel_to_organizer/2-imip.eml', CYRUS, 'quarantined', 'does not own')],
        {'status': 'tentative', 'sequence': 0}),
    Scenario('cyrus-imip: a long and odd UID', [
        step('cyrus-imip/imip_invite_funky_uid/1-imip.eml', CYRUS, 'quarantined', 'floating')],
        None, 'its time is floating, another instant for everybody: a zone must be named'),
    Scenario('cyrus-imip: multipart', [
        step('cyrus-imip/imip_invite_multipart/1-imip.eml', CYRUS, 'created')]),
    Scenario('cyrus-imip: one date first, its series later', [
        step('cyrus-imip/imip_invite_single_then_master/1-imip.eml', CYRUS, 'quarantined', 'American/New_York'),
        step('cyrus-imip/imip_invite_single_then_master/2-imip.eml', CYRUS, 'quarantined', 'METHOD:REQUEST inside')],
        None, 'American/New_York is no zone, and no VTIMEZONE explains it (R95)'),
    Scenario('cyrus-imip: sent to another address', [
        step('cyrus-imip/imip_invite_wrong_addr/1-imip.eml', CYRUS, 'created')]),
    Scenario('cyrus-imip: override', [
        step('cyrus-imip/imip_override/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_override/3-imip.eml', CYRUS, 'quarantined', 'METHOD:REQUEST inside')],
        None, OUTER_METHOD),
    Scenario('cyrus-imip: alarms stay', [
        step('cyrus-imip/imip_preserve_alerts/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_preserve_alerts/2-imip.eml', CYRUS, 'quarantined', 'METHOD:REQUEST inside'),
        step('cyrus-imip/imip_preserve_alerts/4-imip.eml', CYRUS, 'quarantined', 'American/New_York')],
        None, OUTER_METHOD),
    Scenario('cyrus-imip: publish', [
        step('cyrus-imip/imip_publish/1-imip.eml', CYRUS, 'created')]),
    Scenario('cyrus-imip: publish, legacy', [
        step('cyrus-imip/imip_publish_legacy/1-imip.eml', CYRUS, 'created')]),
    Scenario('cyrus-imip: publish of nobody', [
        step('cyrus-imip/imip_publish_no_organizer/1-imip.eml', CYRUS, 'quarantined', 'not exactly the sender')],
        None, 'the mail has no From: nobody sent it'),
    Scenario('cyrus-imip: publish of nobody, legacy', [
        step('cyrus-imip/imip_publish_no_organizer_legacy/1-imip.eml', CYRUS, 'quarantined', 'not exactly the sender')],
        None, 'the mail has no From: nobody sent it'),
    Scenario('cyrus-imip: update', [
        step('cyrus-imip/imip_update/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_update/2-imip.eml', CYRUS, 'quarantined', 'METHOD:REQUEST inside')],
        {'summary': 'An Event', 'sequence': 0}, OUTER_METHOD),
    Scenario('cyrus-imip: update and override', [
        step('cyrus-imip/imip_update_master_and_add_override/1-imip.eml', CYRUS, 'created'),
        step('cyrus-imip/imip_update_master_and_add_override/3-imip.eml', CYRUS, 'quarantined', 'METHOD:REQUEST inside')],
        None, OUTER_METHOD),

    Scenario('sabre-vobject: testSimpleInvite', [new('testSimpleInvite', 'created')]),
    Scenario('sabre-vobject: testAttendeeRemoval', [new('testAttendeeRemoval', 'created')]),
    Scenario('sabre-vobject: testRecurrenceInvite', [new('testRecurrenceInvite', 'created')]),
    Scenario('sabre-vobject: testCaseInsensitiveOrganizers', [new('testCaseInsensitiveOrganizers', 'created')]),
    Scenario('sabre-vobject: testBrokenEventUIDMisMatch', [new('testBrokenEventUIDMisMatch', 'created created')],
             None, 'two UIDs are two events in a file; a mail with two is quarantined'),
    Scenario('sabre-vobject: testBrokenEventOrganizerMisMatch', [new('testBrokenEventOrganizerMisMatch', 'quarantined')]),
    Scenario('sabre-vobject: testNoOrganizerHasAttendee', [new('testNoOrganizerHasAttendee', 'created')],
             None, 'the operator says who sent the file; an ORGANIZER need not stand in it'),
    Scenario('sabre-vobject: testScheduleAgentClient', [new('testScheduleAgentClient', 'created')],
             None, 'SCHEDULE-AGENT is about servers of calendars (RFC 6638); attendees come from lists'),
    Scenario('sabre-vobject: testExdateTimezoneUTC', update('testExdateTimezoneUTC', 'updated')),
    Scenario('sabre-vobject: testInviteChange', update('testInviteChange', 'already_seen'), None, LISTS),
    Scenario('sabre-vobject: testInviteRemoveAttendees', update('testInviteRemoveAttendees', 'already_seen'), None, LISTS),
    Scenario('sabre-vobject: testInviteChangeSignificantChange',
             update('testInviteChangeSignificantChange', 'already_seen'),
             None, 'DTEND and DURATION stand together, which RFC 5545 forbids: DTEND counts, and stays'),
    Scenario('sabre-vobject: testInviteNoChange', update('testInviteNoChange', 'already_seen')),
    Scenario('sabre-vobject: testInviteNoChangeForceSend', update('testInviteNoChangeForceSend', 'already_seen'),
             None, 'nothing differs: a copy is sent again by `resend`'),
    Scenario('sabre-vobject: testRemoveInstance', update('testRemoveInstance', 'updated')),
    Scenario('sabre-vobject: testOrganizerDeleteWithDtend', [
        step('sabre-vobject/BrokerDeleteEventTest/testOrganizerDeleteWithDtend/oldMessage.ics', STRUNK, 'created')]),
    Scenario('sabre-vobject: testVTodo', [
        step('sabre-vobject/BrokerDeleteEventTest/testVTodo/oldMessage.ics', STRUNK, 'refused', 'no VEVENT')]),
    Scenario('sabre-vobject: testRequestNew', [
        step('sabre-vobject/BrokerProcessMessageTest/testRequestNew/itip.ics', STRUNK, 'created')]),
    Scenario('sabre-vobject: testUnsupportedComponent', [
        step('sabre-vobject/BrokerProcessMessageTest/testUnsupportedComponent/itip.ics', STRUNK, 'refused', 'no VEVENT')]),
    Scenario('sabre-vobject: testUnsupportedMethod', [
        step('sabre-vobject/BrokerProcessMessageTest/testUnsupportedMethod/itip.ics', STRUNK, 'created')],
        None, 'METHOD:PUBLISH is an invitation to pass on'),
    Scenario('sabre-vobject: testTimezoneInParseEventInfoWithoutMaster', [
        step('sabre-vobject/BrokerTimezoneInParseEventInfoWithoutMasterTest/'
             'testTimezoneInParseEventInfoWithoutMaster/calendar.ics', STRUNK, 'refused', 'a changed instance')],
        None, 'a changed date of a series that nobody has seen can not be sent on (R73)'),

    Scenario('ccs-imip: bounces of mail that is not ours', [
        step('ccs-imip/dsn_failure_no_ics', '', 'quarantined', ''),
        step('ccs-imip/dsn_failure_no_original', '', 'quarantined', '')]),
]

# An event and an answer to its invitation. In the answer, the UID becomes that of our copy and the
# address it is sent to the organizer address of that copy. Both are moved to a year to come: nobody
# is invited to the past.
NO_PARTSTAT = 'what somebody answers stands in ATTENDEE, which is missing (R104)'
SABRE = 'sabre-vobject/Broker'
Answer = collections.namedtuple('Answer', 'name event answer organizer attendee outcomes disagrees')
ANSWERS = [
    Answer('cyrus-imip: an answer to one date', 'cyrus-imip/imip_reply_one_recurrence/1-event.ics',
           'cyrus-imip/imip_reply_one_recurrence/2-imip.eml', 'cassandane@example.com', CYRUS, 'replied', ''),
    Answer('cyrus-imip: answers to two dates', 'cyrus-imip/imip_reply_two_recurrences/1-event.ics',
           'cyrus-imip/imip_reply_two_recurrences/2-imip.eml', 'cassandane@example.com', CYRUS,
           'replied replied', ''),
    Answer('cyrus-imip: an answer to a date that is none', 'cyrus-imip/imip_reply_override_invalid/1-event.ics',
           'cyrus-imip/imip_reply_override_invalid/2-imip.eml', 'cassandane@example.com', CYRUS,
           'replied', ''),
    Answer('cyrus-imip: an answer to the series, and to a date that is none',
           'cyrus-imip/imip_reply_override_invalid/3-event.ics',
           'cyrus-imip/imip_reply_override_invalid/4-imip.eml', 'cassandane@example.com', CYRUS,
           'replied replied', ''),
    Answer('ccs-imip: an answer without ORGANIZER', '', 'ccs-imip/reply_missing_organizer',
           ORGANIZER, 'xyzzy@example.com', 'quarantined', NO_PARTSTAT),
    Answer('ccs-imip: an answer without ATTENDEE', '', 'ccs-imip/reply_missing_attendee', ORGANIZER,
           'xyzzy@example.com', 'quarantined', NO_PARTSTAT),
] + [
    Answer(f'sabre-vobject: {name}', '' if event is None else f'{SABRE}ProcessReplyTest/{name}/old.ics',
           f'{SABRE}ProcessReplyTest/{name}/itip.ics', 'bar@example.org', 'foo@example.org', outcomes, '')
    for name, event, outcomes in [
        ('testReplyAccept', None, 'replied'),
        ('testReplyAcceptUpdateRSVP', None, 'replied'),
        ('testReplyRequestStatus', None, 'replied'),
        ('testReplyPartyCrasher', None, 'replied'),
        ('testReplyNewException', 'old', 'replied'),
        ('testReplyNewExceptionTz', 'old', 'replied'),
        ('testReplyNewExceptionFirstOccurrence', 'old', 'replied'),
        ('testReplyNewExceptionRecurrenceIdInUTC', 'old', 'replied'),
        ('testReplyNewExceptionRecurrenceIdInDifferentTz', 'old', 'replied'),
        ('testReplyExistingExceptionRecurrenceIdInUTC', 'old', 'replied')]
]


def read(file):
    with open(os.path.join(CORPUS, file), encoding='utf-8', newline='') as opened:
        return opened.read()


def sendable(text):
    """Gives events what the short ones of a unit test leave out."""
    def complete(found):
        event = found.group(0)
        for name, line in (('SUMMARY', 'SUMMARY:foo'), ('DTSTART', 'DTSTART:20370716T120000Z')):
            if not re.search(f'^{name}[;:]', event, re.M):
                event = event.replace('BEGIN:VEVENT', f'BEGIN:VEVENT\r\n{line}', 1)
        return event
    return re.sub(r'BEGIN:VEVENT.*?END:VEVENT', complete, text, flags=re.S)


def to_come(text):
    return re.sub(r'(?<=[:;=])20[0-2]\d(?=[01]\d[0-3]\dT)', '2037', text)


@unittest.skipUnless(os.path.isdir(CORPUS), 'no corpus')
class ItipCorpusTest(unittest.TestCase):
    def open(self, senders):
        program = Program(BUILD)
        self.addCleanup(program.__exit__)
        program.add_league()
        for sender in sorted(set(senders) - {'', ORGANIZER}):
            program.lines('organizer', 'add', sender)
        return program

    def agrees(self, case):
        """Whether the source states the same; the document has each case that it doesn't, and why."""
        if case.disagrees:
            self.assertIn(f'| {case.name} | {case.disagrees} |', CONFORMANCE)
        return not case.disagrees

    def ingest(self, program, file, sender):
        path = os.path.join(CORPUS, file)
        if file.startswith('sabre-vobject/'):
            path = program.write(os.path.basename(file), sendable(read(file)))
        return program.run('ingest', path, *(['--as', sender] if sender else []))[1]

    def test_every_stated_verdict_on_what_organizers_send(self):
        agreed = 0
        for scenario in ORGANIZERS:
            with self.subTest(scenario.name):
                program = self.open([each.sender for each in scenario.steps])
                for each in scenario.steps:
                    items = self.ingest(program, each.file, each.sender)
                    self.assertEqual([item['outcome'].replace(' ', '_') for item in items],
                                     each.outcomes, items)
                    self.assertIn(each.reason, items[0]['reason'])
                for key, value in scenario.event.items():
                    self.assertEqual(program.lines('events')[0][key], value, key)
                agreed += self.agrees(scenario)
        self.assertIn(f'{agreed} of {len(ORGANIZERS)} scenarios of what\norganizers send agree', CONFORMANCE)
        print(f"conformance: organizers' mail of mozilla-invitations, cyrus-imip, ccs-imip and sabre-vobject agreed "
              f'{agreed} of {len(ORGANIZERS)}')

    def invite(self, program, answer):
        """The UID and the organizer address of the attendee's copy."""
        if answer.event:
            path = program.write('event.ics', to_come(sendable(read(answer.event))))
            event = program.lines('ingest', path, '--as', answer.organizer)[0]['event']
        else:
            event = program.event()
        program.lines('invite', event, '--to', answer.attendee, '--yes')
        spool = os.path.join(program.directory, 'spool')
        program.lines('dispatch', '--transport', f'spool:{spool}')
        for path in glob.glob(f'{spool}/new/*.eml'):
            with open(path, 'rb') as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            if message['To'].addresses[0].addr_spec != answer.attendee:
                continue  # a notice to the organizer
            calendar = next(part for part in message.walk() if part.get_content_type() == 'text/calendar')
            uid = re.search(r'^UID:(\S+)', calendar.get_content(), re.M).group(1)
            return uid, message['From'].addresses[0].addr_spec
        self.fail('nothing was sent to ' + answer.attendee)

    def test_every_stated_verdict_on_answers(self):
        agreed = 0
        for answer in ANSWERS:
            with self.subTest(answer.name):
                program = self.open([answer.organizer])
                uid, organizer = self.invite(program, answer)
                text = to_come(read(answer.answer))
                theirs = re.search(r'UID:(foobar|[0-9A-Fa-f-]{36})', text).group(1)
                text = text.replace(theirs, uid)
                if answer.answer.endswith('.ics'):
                    text = (f'From: {answer.attendee}\r\nTo: {organizer}\r\n'
                            f'Content-Type: text/calendar; method=REPLY\r\n\r\n{text}')
                text = re.sub(r'^To: [^\r\n]*', f'To: {organizer}', text, flags=re.M)
                items = program.run('ingest', program.write('answer.eml', text))[1]
                self.assertEqual([item['outcome'] for item in items], answer.outcomes.split(), items)
                ignored = [item for item in items if 'a date that the event does not have' in item['reason']]
                self.assertEqual(len(ignored), 'a date that is none' in answer.name, items)
                agreed += self.agrees(answer)
        self.assertIn(f'{agreed} of {len(ANSWERS)} of answers', CONFORMANCE)
        print(f'conformance: answers of cyrus-imip, ccs-imip and sabre-vobject agreed {agreed} of {len(ANSWERS)}')


if __name__ == '__main__':
    if not os.path.isdir(CORPUS):
        print(f'skipped: no corpus at {CORPUS}')
        sys.exit(0)
    unittest.main()
