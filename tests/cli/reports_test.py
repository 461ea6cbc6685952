"""What comes back, through the program: lists, figures over time, search, the feed, a mailed report."""
import csv
import email
import email.policy
import glob
import io
import os
import subprocess
import sys

from program import ORGANIZER, Program

with Program(sys.argv[1]) as program:
    program.add_league()
    cup = program.event('Harbour v Hill')
    derby = program.event('Derby of the north')
    people = program.write('people.csv', 'email,name\nana@fans.example,=Ana\nben@fans.example,Ben\n'
                                         'cleo@fans.example,Cleo Hill\n')
    program.lines('invite', cup, '--list', people, '--yes')
    program.lines('invite', derby, '--to', 'ben@fans.example', '--yes')

    # Events: sorted, searched.
    assert {line['uid'] for line in program.lines('events')} == {cup, derby}
    assert [line['uid'] for line in program.lines('events', '--search', 'hill harb')] == [cup]
    assert program.lines('events', '--search', '"derby" OR harbour') == []
    by_change = [line['uid'] for line in program.lines('events', '--sort', 'changed')]
    assert sorted(by_change) == sorted([cup, derby])
    assert [line['attendees'] for line in program.lines('events', '--search', 'harbour')] == [3]

    # Search finds events, then people.
    hits = program.lines('search', 'hill')
    assert [(hit['event'], hit.get('email')) for hit in hits] == [(cup, None), (cup, 'cleo@fans.example')]
    assert len(program.lines('search', 'fans', '--limit', '2')) == 2
    assert len(program.lines('search', 'fans')) == 4
    assert program.lines('search', 'fans', '--organizer', 'other@league.example') == []
    assert program.lines('search', '*') == []
    program.lines('search', 'x' * 257, code=1)

    # Who is invited, and who holds what is out of date.
    spool = os.path.join(program.directory, 'spool')
    program.lines('dispatch', '--transport', f'spool:{spool}')
    assert program.lines('attendees', cup, '--outdated') == []
    before = program.lines('changes')
    assert before[-1]['more'] is False

    preview = program.lines('update', cup, '--location', 'Old ground', '--preview')[0]
    assert (preview['update'], preview['cancel']) == (3, 0)
    assert program.lines('attendees', cup, '--outdated') == []
    program.lines('update', cup, '--location', 'Old ground', '--yes')
    outdated = program.lines('attendees', cup, '--outdated')
    assert [line['email'] for line in outdated] == [
        'ana@fans.example', 'ben@fans.example', 'cleo@fans.example']
    masked = program.lines('attendees', cup, '--status', 'noaction', '--masked')
    assert [line['email'] for line in masked] == ['a***@fans.example', 'b***@fans.example',
                                                  'c***@fans.example']
    assert all(line['name'] == '' for line in masked)
    assert program.lines('attendees', cup, '--status', 'accepted') == []
    assert program.lines('attendees', cup, '--delivery', 'bounced') == []
    assert len(program.lines('attendees', cup, '--origin', 'api')) in (0, 3)

    # The feed goes on where it ended.
    since = program.lines('changes', '--after', before[-1]['next'])
    kinds = [line['kind'] for line in since[:-1]]
    assert kinds == ['event', 'queued', 'queued', 'queued'], kinds
    told = []
    after = ''
    while True:
        part = program.lines('changes', '--after', after, '--limit', '2')
        told += part[:-1]
        after = part[-1]['next']
        if not part[-1]['more']:
            break
    assert told == before[:-1] + since[:-1]
    program.lines('changes', '--after', 'made up', code=1)

    # Figures over time are those of the feed.
    for by in ('hour', 'day'):
        counted = {}
        for line in program.lines('report', '--by', by):
            for kind, number in line['counts'].items():
                counted[kind] = counted.get(kind, 0) + number
        expected = {}
        for line in told:
            if line['kind'] != 'event':
                expected[line['kind']] = expected.get(line['kind'], 0) + 1
        assert counted == expected, (counted, expected)
    assert program.lines('report', cup, '--by', 'day')[0]['counts']['accepted'] == 3
    assert program.lines('report', cup)[0]['attendees'] == 3
    assert program.lines('report', '--organizer', ORGANIZER)[0]['attendees'] == 4

    # D16: what people are called is no formula of the spreadsheet that opens the report.
    written = subprocess.run([program.path, 'report', cup, '--format', 'csv'],
                             env=program.environment, capture_output=True, text=True, check=True).stdout
    rows = list(csv.reader(io.StringIO(written)))
    assert rows[0][:5] == ['email', 'name', 'status', 'origin', 'prodid']
    assert [row[1] for row in rows[1:]] == ["'=Ana", 'Ben', 'Cleo Hill']

    # A report that is mailed.
    assert program.lines('report', cup, '--mail')[0]['mailed'] == ORGANIZER
    program.lines('report', 'nothing', '--mail', code=1)
    program.lines('dispatch', '--transport', f'spool:{spool}')
    mails = []
    for path in glob.glob(os.path.join(spool, '**', '*.eml'), recursive=True):
        with open(path, 'rb') as file:
            mails.append(email.message_from_binary_file(file, policy=email.policy.default))
    reports = [mail for mail in mails if mail['Subject'] == 'Report: Harbour v Hill']
    assert len(reports) == 1, [mail['Subject'] for mail in mails]
    text = reports[0].get_body(('plain',)).get_content()
    for figure in ('Attendees: 3', 'No answer yet: 3', 'Delivered: 0', f'/e/{cup}'):
        assert figure in text, text
