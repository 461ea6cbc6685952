"""An SMTP server on loopback that misbehaves as it is told; it lives for a minute at most.

    smtp_server.py FOLDER CERTIFICATE SCRIPT

FOLDER       takes the certificate (NAME.crt) and log.jsonl: a line per connection, command, message
CERTIFICATE  good, other_host or expired; each is its own CA
SCRIPT       JSON: tls (starttls, implicit, none), offers (list of EHLO keywords), auth (mechanisms
             for user league with password "se cret/+="), and what to do at greeting, ehlo,
             starttls, auth; steps: a list of what to do at mail, rcpt, data, body, final of the first
             message, the second, and so on, the last of which repeats

What to do is a reply (byte by byte after "slowly "), close (say nothing), reset (so that bytes on the way are lost), hang, or a
reply followed by " then close". For body it is how many bytes of it to read before closing.

Prints its port when it listens.
"""
import base64
import json
import os
import re
import signal
import socket
import ssl
import struct
import sys
import threading
import time

from tls_server import make_certificate

USER, PASSWORD = 'league', 'se cret/+='
OFFERS = ['PIPELINING', 'SIZE 10000000', '8BITMIME', 'ENHANCEDSTATUSCODES']


class Gone(Exception):
    """The connection ends here."""


class Server:
    def __init__(self, folder, context, script):
        self.log_file = open(os.path.join(folder, 'log.jsonl'), 'w', encoding='utf-8')
        self.context, self.script = context, script
        self.lock = threading.Lock()
        self.messages = 0

    def log(self, **what):
        with self.lock:
            self.log_file.write(json.dumps(what) + '\n')
            self.log_file.flush()

    def next_step(self):
        steps = self.script.get('steps') or [{}]
        with self.lock:
            step = steps[min(self.messages, len(steps) - 1)]
            self.messages += 1
            return step, self.messages


class Connection:
    def __init__(self, server, raw, number):
        self.server, self.script, self.number = server, server.script, number
        self.socket, self.stream, self.secure = raw, raw.makefile('rb'), False
        self.step, self.count, self.open = {}, 0, False
        self.sender, self.recipient = None, None
        raw.settimeout(60)

    def log(self, **what):
        self.server.log(connection=self.number, **what)

    def say(self, text):
        self.socket.sendall(text.encode('latin-1') + b'\r\n')

    def perform(self, action):
        """@return whether the reply was a good one"""
        if action == 'hang':
            time.sleep(60)
        if action == 'reset':
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        if action in ('close', 'reset', 'hang'):
            raise Gone
        slow = action.startswith('slowly ')
        reply, _, then = action.removeprefix('slowly ').partition(' then ')
        for byte in reply if slow else ():
            self.socket.sendall(byte.encode('latin-1'))
            time.sleep(0.02)
        self.say('' if slow else reply)
        if then == 'close':
            raise Gone
        return reply[0] in '23'

    def secure_it(self):
        try:
            self.socket = self.server.context.wrap_socket(self.socket, server_side=True)
        except (ssl.SSLError, OSError) as error:
            self.log(handshake=str(error))
            raise Gone from error
        self.log(handshake='done')
        self.stream, self.secure = self.socket.makefile('rb'), True

    def serve(self):
        try:
            if self.script.get('tls') == 'implicit':
                self.secure_it()
            self.perform(self.script.get('greeting', '220 peer.example ESMTP'))
            while line := self.stream.readline():
                self.log(command=line.decode('latin-1').rstrip('\r\n'), secure=self.secure)
                self.obey(line.decode('latin-1').rstrip('\r\n'))
        except (Gone, OSError):
            pass
        finally:
            self.log(ended=True)
            self.stream.close()
            self.socket.close()

    def obey(self, line):
        verb = line.split(' ')[0].upper()
        if verb == 'EHLO':
            self.ehlo()
        elif verb == 'STARTTLS':
            if self.perform(self.script.get('starttls', '220 go on')):
                self.secure_it()
        elif verb == 'AUTH':
            self.perform(self.judge(line))
        elif verb == 'MAIL':
            self.mail(line)
        elif verb == 'RCPT':
            self.rcpt(line)
        elif verb == 'DATA':
            self.data()
        elif verb == 'RSET':
            self.sender = self.recipient = None
            self.say('250 2.0.0 Ok')
        elif verb == 'QUIT':
            self.say('221 2.0.0 Bye')
            raise Gone
        else:
            self.say('502 5.5.2 no such command')

    def ehlo(self):
        if 'ehlo' in self.script:
            self.perform(self.script['ehlo'])
            return
        lines = ['peer.example', *self.script.get('offers', OFFERS)]
        if self.script.get('tls', 'starttls') == 'starttls' and not self.secure:
            lines.append('STARTTLS')
        if 'auth' in self.script:
            lines.append('AUTH ' + self.script['auth'])
        for line in lines[:-1]:
            self.say('250-' + line)
        self.say('250 ' + lines[-1])

    def judge(self, line):
        if 'auth_reply' in self.script:
            return self.script['auth_reply']
        _, mechanism, *first = line.split(' ')
        def answer(challenge):
            self.say('334 ' + challenge)
            return self.stream.readline().decode('latin-1').strip()
        if mechanism == 'PLAIN':
            given = base64.b64decode(first[0] if first else answer('')).decode('latin-1').split('\0')[1:]
        else:
            user = first[0] if first else answer('VXNlcm5hbWU6')
            given = [base64.b64decode(each).decode('latin-1') for each in (user, answer('UGFzc3dvcmQ6'))]
        right = given == [USER, PASSWORD]
        return '235 2.7.0 Ok' if right else '535 5.7.8 Authentication Credentials Invalid'

    def mail(self, line):
        if self.sender is not None:
            self.say('503 5.5.1 nested MAIL')
            return
        self.step, self.count = self.server.next_step()
        if self.perform(self.step.get('mail', '250 2.1.0 Ok')):
            self.sender = re.search('<(.*?)>', line).group(1)

    def rcpt(self, line):
        if self.sender is None:
            self.say('503 5.5.1 MAIL first')
        elif self.perform(self.step.get('rcpt', '250 2.1.5 Ok')):
            self.recipient = re.search('<(.*?)>', line).group(1)

    def data(self):
        if self.recipient is None and self.step.get('data') is None:
            self.say('503 5.5.1 RCPT first')
            return
        if not self.perform(self.step.get('data', '354 go on')):
            return
        if 'body' in self.step:
            self.stream.read(self.step['body'])
            raise Gone
        lines = []
        while (line := self.stream.readline()) != b'.\r\n':
            if not line:
                self.log(broken_body=sum(map(len, lines)))
                raise Gone
            lines.append(line[1:] if line.startswith(b'.') else line)
        self.log(message=b''.join(lines).decode('latin-1'), sender=self.sender,
                 recipient=self.recipient, secure=self.secure)
        self.sender = self.recipient = None
        self.perform(self.step.get('final', f'250 2.0.0 Ok: queued as Q{self.count}'))


def main():
    folder, certificate, script = sys.argv[1:4]
    signal.alarm(60)
    server = Server(folder, make_certificate(folder, certificate), json.loads(script))
    listener = socket.create_server(('127.0.0.1', 0), backlog=256)
    print(listener.getsockname()[1], flush=True)
    number = 0
    while True:
        raw, _ = listener.accept()
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number += 1
        server.log(connection=number, opened=True)
        threading.Thread(target=Connection(server, raw, number).serve, daemon=True).start()


if __name__ == '__main__':
    main()
