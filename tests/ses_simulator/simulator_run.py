"""Runs ses-simulator for a test and speaks to it: requests signed by botocore, over TLS."""
import base64
import datetime
import http.client
import json
import os
import signal
import ssl
import subprocess
import tempfile
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY = 'AKIDEXAMPLE'
SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
SEND = '/v2/email/outbound-emails'
ORGANIZER = 'fixtures+k7m2q9x4t1@reply.league.example'


def program(build):
    for path in ('examples/ses-simulator/ses-simulator', 'ses-simulator'):
        if os.path.exists(os.path.join(build, path)):
            return os.path.join(build, path)
    raise SystemExit(f'{build}: no ses-simulator built there')


def signed(method, url, body=b'', headers=None, secret=SECRET, key=KEY, shift=0, service='ses'):
    """The headers of a request as botocore signs it, its clock `shift` seconds off."""
    class Clock(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return datetime.datetime.utcnow() + datetime.timedelta(seconds=shift)

    class Module:
        datetime = Clock

    request = AWSRequest(method=method, url=url, data=body, headers=headers or {})
    real, botocore.auth.datetime = botocore.auth.datetime, Module
    try:
        botocore.auth.SigV4Auth(Credentials(key, secret), service, 'eu-central-1').add_auth(request)
    finally:
        botocore.auth.datetime = real
    return {name: value for name, value in request.headers.items()}


def calendar(address, uid, sequence=0, method='REQUEST', partstat='NEEDS-ACTION', extra=()):
    lines = ['BEGIN:VCALENDAR', 'PRODID:-//calinvite//test//EN', 'VERSION:2.0',
             'CALSCALE:GREGORIAN', f'METHOD:{method}', 'BEGIN:VTIMEZONE', 'TZID:Europe/Berlin',
             'BEGIN:STANDARD', 'DTSTART:19701025T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100',
             'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU', 'END:STANDARD', 'BEGIN:DAYLIGHT',
             'DTSTART:19700329T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200',
             'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'END:DAYLIGHT', 'END:VTIMEZONE',
             'BEGIN:VEVENT', f'UID:{uid}', 'DTSTAMP:20270101T080000Z',
             'DTSTART;TZID=Europe/Berlin:20270320T193000',
             'DTEND;TZID=Europe/Berlin:20270320T213000',
             'SUMMARY:Löwen – Bären\\, Rückspiel', 'LOCATION:Arena\\; Tor 3',
             f'SEQUENCE:{sequence}', f'ORGANIZER;CN="League Fixtures":mailto:{ORGANIZER}',
             f'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};RSVP=TRUE;'
             f'CN="Fan Ærø {uid[:4]}";X-NUM-GUESTS=0:mailto:{address}',
             'STATUS:' + ('CANCELLED' if method == 'CANCEL' else 'CONFIRMED'), *extra,
             'END:VEVENT', 'END:VCALENDAR']
    folded = []
    for line in lines:
        while len(line.encode()) > 75:
            folded.append(line[:60])
            line = ' ' + line[60:]
        folded.append(line)
    return '\r\n'.join(folded) + '\r\n'


def message(address, ics, method='REQUEST', headers=()):
    data = base64.b64encode(ics.encode()).decode()
    lines = '\r\n'.join(data[i:i + 76] for i in range(0, len(data), 76))
    head = [f'From: League Fixtures <{ORGANIZER}>', f'To: {address}', 'Subject: Invitation',
            'Message-ID: <one@league.example>', 'MIME-Version: 1.0', *headers,
            'Content-Type: multipart/mixed;\r\n boundary="outer"']
    return ('\r\n'.join(head) + '\r\n\r\n--outer\r\n'
            'Content-Type: multipart/alternative; boundary=inner\r\n\r\n'
            '--inner\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nYou are invited.\r\n'
            f'--inner\r\nContent-Type: text/calendar; charset=UTF-8; method={method}\r\n'
            f'Content-Transfer-Encoding: base64\r\n\r\n{lines}\r\n--inner--\r\n\r\n'
            '--outer\r\nContent-Type: application/ics; name="invite.ics"\r\n'
            f'Content-Transfer-Encoding: base64\r\n\r\n{lines}\r\n--outer--\r\n').encode()


def send_body(address, raw, attempt='attempt-1', source=f'League Fixtures <{ORGANIZER}>',
              tags=None, **more):
    return {'FromEmailAddress': source, 'Destination': {'ToAddresses': [address]},
            'Content': {'Raw': {'Data': base64.b64encode(raw).decode()}},
            'ConfigurationSetName': 'invites',
            'EmailTags': tags or [{'Name': 'attempt_id', 'Value': attempt},
                                  {'Name': 'domain', 'Value': 'league'}], **more}


class Simulator:
    """One run of the program; use as a context manager."""

    def __init__(self, build, *options, directory=None):
        self._temporary = None if directory else tempfile.TemporaryDirectory()
        self.directory = directory or self._temporary.name
        self.process = subprocess.Popen(
            [program(build), '--out', self.directory, '--max-seconds', '120', *options],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f'ses-simulator ended with {self.process.wait()}')
        self.ready = json.loads(line)
        self.url = self.ready['listening']
        self.host = urllib.parse.urlsplit(self.url).netloc
        self._connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        if self._temporary:
            self._temporary.cleanup()

    def end(self, how=signal.SIGTERM):
        if self._connection:
            self._connection.close()
            self._connection = None
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def connect(self):
        if self.url.startswith('http:'):
            return http.client.HTTPConnection(self.host, timeout=30)
        context = ssl.create_default_context(cafile=self.ready['ca'])
        return http.client.HTTPSConnection(self.host, timeout=30, context=context)

    def request(self, method, target, body=b'', headers=None, connection=None):
        """Status, x-amzn-ErrorType and JSON body of the answer."""
        if not connection:
            self._connection = self._connection or self.connect()
        used = connection or self._connection
        used.request(method, target, body or None, headers or {})
        answer = used.getresponse()
        data = answer.read()
        return answer.status, answer.getheader('x-amzn-ErrorType'), json.loads(data or b'{}')

    def call(self, method, target, body=b'', headers=None, connection=None, **signing):
        sign = signed(method, self.url + target, body, headers, **signing)
        return self.request(method, target, body, sign, connection)

    def send(self, address, raw, connection=None, **fields):
        body = json.dumps(send_body(address, raw, **fields)).encode()
        return self.call('POST', SEND, body, {'Content-Type': 'application/json'}, connection)

    def invite(self, address, uid, attempt, sequence=0, method='REQUEST', **fields):
        raw = message(address, calendar(address, uid, sequence, method, **fields), method)
        return self.send(address, raw, attempt=attempt)

    def ledger(self):
        return self.request('GET', '/simulator/ledger')[2]

    def lines(self, name):
        with open(os.path.join(self.directory, name), encoding='utf-8') as file:
            return [json.loads(line) for line in file]

    def files(self, folder):
        return sorted(os.listdir(os.path.join(self.directory, folder)))

    def read(self, folder, name):
        with open(os.path.join(self.directory, folder, name), 'rb') as file:
            return file.read()


class Scenario(Simulator):
    """A run of a scenario given as Python values."""

    def __init__(self, build, scenario, *options, **more):
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            json.dump(scenario, file)
            file.flush()
            super().__init__(build, '--scenario', file.name, *options, **more)

    def counts(self, **query):
        return self.request('GET', '/simulator/counts?' + urllib.parse.urlencode(query))[2]

    def flush(self):
        self.request('POST', '/simulator/flush')
