"""kill -9 of `calinvite dispatch` at 20 random moments of a send to 2,000 people, restarted each time: nothing is lost, the
stand-in sees no attempt twice, and what nobody can know is listed as in doubt."""
import os
import random
import signal
import subprocess
import sys
import time

from program import Program, simulator_run

KILLS, PEOPLE, CONNECTIONS = 20, 2000, 4
seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
print(f'seed {seed}')
dice = random.Random(seed)

with simulator_run.Simulator(sys.argv[1], '--seed', '7', '--latency-ms', '20') as ses, \
        Program(sys.argv[1]) as program:
    program.add_league()
    program.use(ses.url, ses.ready['ca'])
    uid = program.event()
    people = [f'fan{n:04}@example.com' for n in range(PEOPLE)]
    program.lines('invite', uid, '--list', program.write('fans.txt', '\n'.join(people)), '--yes')

    kills = 0
    while kills < KILLS:
        dispatch = program.start('dispatch', '--lease', '1', '--connections', str(CONNECTIONS))
        try:
            dispatch.wait(timeout=dice.uniform(0.05, 0.5))
            break  # done before the last kill: told below
        except subprocess.TimeoutExpired:
            dispatch.send_signal(signal.SIGKILL)
            dispatch.communicate()
            kills += 1
    assert kills == KILLS, f'the send was over after {kills} kills'
    code, lines, errors = program.run('dispatch', '--lease', '1', '--connections', str(CONNECTIONS))
    assert code in (0, 4), errors
    totals = lines[-1]
    doubtful = {line['in_doubt'] for line in program.lines('report')[2:]}
    ledger = ses.ledger()
    reached = set(ledger['addresses'])
    print(f'{totals}; the stand-in accepted {ledger["totals"]["accepted"]}')

    assert totals['planned'] == PEOPLE == sum(totals.values()) - totals['planned']
    assert totals['accepted'] + totals['in_doubt'] == PEOPLE, 'something was lost or refused'
    assert len(doubtful) == totals['in_doubt'] <= KILLS * CONNECTIONS * 2  # max_in_flight: each has a next one ready
    assert ledger['totals']['attempts_seen_more_than_once'] == 0
    assert ledger['totals']['message_keys_seen_more_than_once'] == 0
    assert set(people) - doubtful <= reached, 'counted as accepted, and the stand-in never saw it'

    # What the stand-in reports settles those that did get through; the rest stays listed.
    program.lines('ingest', os.path.join(ses.directory, 'notifications.jsonl'))
    left = {line['in_doubt'] for line in program.lines('report')[2:]}
    assert left == set(people) - reached, 'evidence settles exactly the doubtful ones that arrived'
    print(f'{len(doubtful)} in doubt after {KILLS} kills, {len(left)} of them never arrived')
print('1 passed, 0 failed')
