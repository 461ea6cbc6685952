"""The program is killed at, or refused, its n-th write, sync or send by strace, and started again by the same command:
nothing is lost, nothing doubled, and what nobody can know is listed. CALINVITE_CRASH_SEEDS: how often each (default 2)."""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'cli'))
from program import Program, simulator_run  # noqa: E402

PEOPLE = 100  # more than the spool takes at a time
SPOOL_BATCH = 64
CONNECTIONS = 4
SKIPPED = 77
TIMES = int(os.environ.get('CALINVITE_CRASH_SEEDS', '2'))
seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
dice = random.Random(seed)


def why_not():
    """Why strace can't do it here; empty when it can."""
    if not shutil.which('strace'):
        return 'strace is not installed'
    probe = subprocess.run(['strace', '-qq', '-e', 'trace=none', 'true'], capture_output=True, text=True)
    return probe.stderr.strip()


def count(program, call, command):
    """How often a whole dispatch makes that system call."""
    with tempfile.NamedTemporaryFile('r') as log:
        subprocess.run(['strace', '-f', '-qq', '-o', log.name, '-e', f'trace={call}', program.path, *command],
                       env=program.environment, capture_output=True, check=True)
        return sum(call + '(' in line for line in log)


def prepare(program):
    program.add_league()
    uid = program.event()
    people = '\n'.join(f'fan{n:02}@example.com' for n in range(PEOPLE))
    program.lines('invite', uid, '--list', program.write('fans.txt', people), '--yes')


def spooled(directory):
    """How many mails lie there for each address."""
    copies = {}
    for name in os.listdir(directory):
        with open(os.path.join(directory, name), encoding='utf-8', newline='') as file:
            to = next(line for line in file if line.startswith('To: ')).strip()
        copies[to] = copies.get(to, 0) + 1
    return copies


def faulty(program, call, fault, number, command):
    """One dispatch, which must meet the fault."""
    with tempfile.NamedTemporaryFile('r') as log:
        done = subprocess.run(['strace', '-f', '-o', log.name, '-e', f'trace={call}',
                               '-e', f'inject={call}:{fault}:when={number}', program.path, '--json', *command],
                              env=program.environment, capture_output=True, text=True, timeout=120)
        met = f'{call} number {number}, {fault}: {done.returncode} {done.stderr}'
        if 'signal' in fault:
            assert done.returncode == -signal.SIGKILL, met
        else:
            assert '(INJECTED)' in log.read() and done.returncode in (0, 3, 4), met


def check(program, copies, in_flight):
    """The books against what arrived, when one run ended with so many messages under way at most."""
    totals = program.lines('report')[1]
    assert totals['planned'] == PEOPLE == totals['accepted'] + totals['in_doubt'], totals
    assert all(number == 1 for number in copies.values()), 'somebody got two'
    assert totals['accepted'] <= len(copies) <= PEOPLE, 'counted as accepted, and nobody got it'
    assert totals['in_doubt'] <= in_flight, totals
    return totals['in_doubt']


def resume(program, command):
    time.sleep(1.1)  # the lease of the dead one ends
    code, _, errors = program.run(*command)
    assert code in (0, 4), errors


def spool_runs(call, fault):
    for _ in range(TIMES):
        with Program(sys.argv[1]) as program:
            prepare(program)
            mails = os.path.join(program.directory, 'mails')
            command = ['dispatch', '--transport', 'spool:' + mails, '--lease', '1']
            with Program(sys.argv[1]) as other:  # its twin tells how many calls there are
                prepare(other)
                calls = count(other, call, ['dispatch', '--transport', f'spool:{other.directory}/mails', '--lease', '1'])
            number = dice.randint(1, calls)
            faulty(program, call, fault, number, command)
            resume(program, command)
            doubt = check(program, spooled(os.path.join(mails, 'new')), SPOOL_BATCH)
            print(f'{call} number {number} of {calls}, {fault}: {doubt} in doubt')
    return TIMES


def ses_runs():
    call, fault = 'sendto', 'signal=KILL'
    for _ in range(TIMES):
        with simulator_run.Simulator(sys.argv[1], '--seed', '7') as ses, Program(sys.argv[1]) as program:
            prepare(program)
            program.use(ses.url, ses.ready['ca'])
            command = ['dispatch', '--lease', '1', '--connections', str(CONNECTIONS)]
            with simulator_run.Simulator(sys.argv[1], '--seed', '7') as other_ses, Program(sys.argv[1]) as other:
                prepare(other)
                other.use(other_ses.url, other_ses.ready['ca'])
                calls = count(other, call, command)
            number = dice.randint(2, calls * 3 // 4)  # answers are grouped differently each time
            faulty(program, call, fault, number, command)
            resume(program, command)
            ledger = ses.ledger()
            copies = {address: len(mails) for address, mails in ledger['addresses'].items()}
            doubt = check(program, copies, CONNECTIONS * 2)  # as many wait for a connection
            assert ledger['totals']['attempts_seen_more_than_once'] == 0
            assert ledger['totals']['message_keys_seen_more_than_once'] == 0
            print(f'{call} number {number} of {calls}, {fault}: {doubt} in doubt')
    return TIMES


refusal = why_not()
if refusal:
    print(f'skipped: no faults can be injected here: {refusal}')
    sys.exit(SKIPPED)
print(f'seed {seed}')
passed = 0
for system_call, what in [('pwrite64', 'signal=KILL'), ('fdatasync', 'signal=KILL'), ('rename', 'signal=KILL'),
                          ('fdatasync', 'error=EIO'), ('pwrite64', 'error=ENOSPC'), ('fsync', 'error=EIO')]:
    passed += spool_runs(system_call, what)
passed += ses_runs()
print(f'{passed} passed, 0 failed')
