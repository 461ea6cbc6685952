"""Runs the program `calinvite` for a test, on a store of its own."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'ses_simulator'))
import simulator_run  # noqa: E402

ORGANIZER = 'fixtures@league.example'


class Program:
    """A store with one domain and one organizer; use as a context manager."""

    def __init__(self, build):
        self.path = os.path.join(build, 'examples/cli/calinvite')
        self._temporary = tempfile.TemporaryDirectory()
        self.directory = self._temporary.name
        self.environment = {'PATH': os.environ['PATH'],
                            'CALINVITE_STORE': f'sqlite:{self.directory}/league.db'}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    def add_league(self):
        self.lines('domain', 'add', 'league', '--from', 'cal@reply.league.example',
                   '--reply-domain', 'reply.league.example', '--base-url', 'https://cal.league.example')
        self.lines('organizer', 'add', ORGANIZER, '--name', 'League Office')

    def use(self, url, ca=None):
        """Sends to an SES endpoint from now on."""
        self.environment.update({'AWS_ENDPOINT_URL_SESV2': url, 'AWS_REGION': 'eu-central-1',
                                 'AWS_ACCESS_KEY_ID': simulator_run.KEY,
                                 'AWS_SECRET_ACCESS_KEY': simulator_run.SECRET})
        if ca:
            self.environment['AWS_CA_BUNDLE'] = ca

    def write(self, name, content):
        path = os.path.join(self.directory, name)
        with open(path, 'w', encoding='utf-8', newline='') as file:
            file.write(content)
        return path

    def start(self, *arguments):
        return subprocess.Popen([self.path, '--json', *arguments], env=self.environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *arguments):
        """Exit code, JSON lines of stdout, stderr."""
        done = subprocess.run([self.path, '--json', *arguments], env=self.environment,
                              capture_output=True, text=True, timeout=240)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def text(self, *arguments):
        """What people read."""
        return subprocess.run([self.path, *arguments], env=self.environment, check=True,
                              capture_output=True, text=True, timeout=240).stdout

    def lines(self, *arguments, code=0):
        got, lines, errors = self.run(*arguments)
        assert got == code, f'{arguments} ended with {got}, not {code}: {errors}'
        return lines

    def event(self, summary='Harbour v Hill'):
        return self.lines('event', 'create', '--organizer', ORGANIZER, '--summary', summary,
                          '--start', '2037-05-08T15:00', '--timezone', 'Europe/London')[0]['uid']

    def totals(self):
        return self.lines('report')[1]
