"""Others judge what the program sends: Debian's botocore recomputes the signatures of 200 requests, and a server from npm that
none of us wrote takes an invitation."""
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from program import Program, simulator_run

build = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
SECRETS = {simulator_run.KEY: simulator_run.SECRET}


def check_signatures():
    verifier = os.path.join(here, '../../../shared/aws/golden/sigv4_verify.py')
    if not os.path.exists(verifier):
        print(f'skipped: no verifier at {verifier}')
        return
    spec = importlib.util.spec_from_file_location('sigv4_verify', verifier)
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    with simulator_run.Simulator(build, '--record', '200') as ses, Program(build) as program:
        program.add_league()
        program.use(ses.url, ses.ready['ca'])
        people = '\n'.join(f'fan{n:03}@example.com' for n in range(220))
        program.lines('invite', program.event('Löwen – Bären ⚽'), '--list', program.write('fans.txt', people), '--yes')
        program.lines('dispatch')
        requests = ses.lines('requests.jsonl')
    assert len(requests) == 200
    for request in requests:
        headers = [tuple(header) for header in request['headers']]
        verdict = module.recompute(request['method'], request['target'], headers,
                                   request['body'].encode(), SECRETS, 'https')
        assert verdict['ok'] and not verdict['unsigned_but_should_be'], verdict
    sends = sum(1 for request in requests if request['target'] == simulator_run.SEND)
    print(f'botocore agrees with the signatures of 200 requests, {sends} of them SendEmail')


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def check_local_ses():
    modules = os.path.join(build, 'tests/cli/local_ses')
    port = free_port()
    url = f'http://127.0.0.1:{port}'
    account = {'DedicatedIpAutoWarmupEnabled': False, 'EnforcementStatus': 'HEALTHY',
               'ProductionAccessEnabled': True, 'SendingEnabled': True,
               'SendQuota': {'Max24HourSend': 200, 'MaxSendRate': 50, 'SentLast24Hours': 0},
               'SuppressionAttributes': {'SuppressedReasons': []}}
    # Not by its own command, whose options are read by a yargs that Debian's Node 18 can't load.
    server = subprocess.Popen(
        ['node', '-e', f'require("aws-ses-v2-local").default({{host: "127.0.0.1", port: {port}}})'], cwd=modules,
        env={'PATH': os.environ['PATH'], 'AWS_SES_ACCOUNT': json.dumps(account)},
        stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                fetch(f'{url}/health-check')
                break
            except OSError:
                assert server.poll() is None, f'the server ended with {server.returncode}'
                time.sleep(0.1)
        with Program(build) as program:
            program.add_league()
            program.use(url)
            uid = program.event('Harbour v Hill')
            program.lines('invite', uid, '--to', 'fan@example.com', '--yes')
            totals = program.lines('dispatch')[-1]
            assert totals['accepted'] == 1, totals
        mail = json.loads(fetch(f'{url}/store'))['emails'][0]
        assert mail['destination']['to'] == ['fan@example.com'], mail['destination']
        assert 'Harbour v Hill' in mail['subject'], mail['subject']
        assert any('calendar' in part['contentType'] or part['filename'] == 'invite.ics' for part in mail['attachments'])
        print(f'aws-ses-v2-local took it: {mail["subject"]!r}')
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)


check_signatures()
check_local_ses()
print('2 passed, 0 failed')
