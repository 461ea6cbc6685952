"""An HTTP server on loopback, over TLS as a rule, that misbehaves as it is told; it lives for a minute at most.

    tls_server.py FOLDER CERTIFICATE STEPS [CLOCK_SHIFT [VERIFIER]]

FOLDER       takes the certificate (NAME.crt) and log.jsonl: a line per connection and request
CERTIFICATE  good, other_host or expired; each is its own CA. none: plain HTTP
STEPS        JSON list: what to do with the first request, the second, and so on; the last repeats.
             "judge_keys": accept while the number that the access key id ends in, a time, is later
             than the signature, else ExpiredToken; without a Date, as such times are not ours
CLOCK_SHIFT  seconds that its clock is ahead; signatures more than 300 s off are then refused
VERIFIER     sigv4_verify.py, which then judges every signature

Prints its port when it listens.
"""
import base64
import calendar
import email.utils
import importlib.util
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

SECRETS = {'AKIDEXAMPLE': 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'}
CONFIG = """[ca]
default_ca = here
[here]
database = {folder}/{name}.index
serial = {folder}/{name}.serial
new_certs_dir = {folder}
default_md = sha256
policy = any
x509_extensions = extensions
unique_subject = no
[any]
commonName = supplied
[extensions]
subjectAltName = {subject}
"""


def make_certificate(folder, name):
    """NAME.crt and NAME.key; expired or for another host as the name says."""
    base = os.path.join(folder, name)
    subject = 'DNS:other.example' if name == 'other_host' else 'IP:127.0.0.1'
    year = 2020 if name == 'expired' else 2049
    for suffix, text in (('.cnf', CONFIG.format(folder=folder, name=name, subject=subject)),
                         ('.index', ''), ('.serial', '01')):
        with open(base + suffix, 'w', encoding='ascii') as file:
            file.write(text)
    request = ['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
               '-nodes', '-keyout', base + '.key', '-out', base + '.csr', '-subj', '/CN=test']
    sign = ['openssl', 'ca', '-batch', '-config', base + '.cnf', '-selfsign', '-notext',
            '-keyfile', base + '.key', '-in', base + '.csr', '-out', base + '.crt',
            '-startdate', '20190101000000Z', '-enddate', f'{year}0101000000Z']
    for command in (request, sign):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(base + '.crt', base + '.key')
    return context


def load_verifier(path):
    spec = importlib.util.spec_from_file_location('verifier', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.recompute


class Server:
    def __init__(self, folder, steps, shift, recompute):
        self.log_file = open(os.path.join(folder, 'log.jsonl'), 'w', encoding='utf-8')
        self.steps, self.shift, self.recompute = steps, shift, recompute
        self.lock = threading.Lock()
        self.requests = 0

    def log(self, **what):
        with self.lock:
            self.log_file.write(json.dumps(what) + '\n')
            self.log_file.flush()

    def next_step(self):
        with self.lock:
            step = self.steps[min(self.requests, len(self.steps) - 1)]
            self.requests += 1
            return step, self.requests

    def serve(self, raw, context, number):
        try:
            raw.settimeout(60)
            connection = context.wrap_socket(raw, server_side=True) if context else raw
        except (ssl.SSLError, OSError) as error:
            self.log(connection=number, handshake=str(error))
            raw.close()
            return
        self.log(connection=number, handshake='done')
        stream = connection.makefile('rb')
        try:
            while self.answer(connection, stream, number):
                pass
        except OSError as error:
            self.log(connection=number, broken=str(error))
        finally:
            stream.close()
            connection.close()

    def answer(self, connection, stream, number):
        line = stream.readline()
        if not line:
            return False
        method, target, _ = line.decode('latin-1').split(' ', 2)
        headers = []
        while (line := stream.readline()) not in (b'\r\n', b''):
            name, _, value = line.decode('latin-1').partition(':')
            headers.append((name, value.strip()))
        fields = {name.lower(): value for name, value in headers}
        body = stream.read(int(fields.get('content-length', 0)))
        step, count = self.next_step()
        fault = self.signature_fault(method, target, headers, fields, body)
        self.log(request=count, connection=number, method=method, target=target, headers=fields,
                 body_bytes=len(body), attempt_id=attempt_of(body), message=message_of(body),
                 form=body.decode('latin-1') if 'urlencoded' in fields.get('content-type', '') else '',
                 signature=fault or 'sound')
        if fault and step != 'close':
            step = {'status': 403, 'type': fault[0], 'body': json.dumps({'message': fault[1]})}
        if step == 'judge_keys':
            step = judge_keys(fields, count)
        return self.perform(connection, step, count)

    def signature_fault(self, method, target, headers, fields, body):
        stamp = fields.get('x-amz-date')
        if stamp and self.shift is not None:
            then = calendar.timegm(time.strptime(stamp, '%Y%m%dT%H%M%SZ'))
            if abs(then - time.time() - self.shift) > 300:
                return 'InvalidSignatureException', f'Signature expired: {stamp} is now earlier'
        if self.recompute:
            verdict = self.recompute(method, target, headers, body, SECRETS, 'https')
            if not verdict['ok']:
                return verdict['error'], str(verdict.get('why', 'the signature differs'))
        return None

    def perform(self, connection, step, count):
        if step == 'close':
            return False
        if step == 'hang':
            time.sleep(60)
            return False
        if step == 'accept':
            step = {'status': 200, 'body': json.dumps({'MessageId': f'message-{count}'})}
        body = step['body'].encode() * step.get('times', 1)
        head = [f'HTTP/1.1 {step["status"]} X', f'Content-Length: {len(body)}']
        if step.get('date', True):
            head.append('Date: ' + email.utils.formatdate(time.time() + (self.shift or 0), usegmt=True))
        if 'type' in step:
            head.append('x-amzn-ErrorType: ' + step['type'])
        if 'location' in step:
            head.append('Location: ' + step['location'])
        whole = '\r\n'.join(head).encode() + b'\r\n\r\n' + body
        connection.sendall(whole[:len(whole) - step.get('cut', 0)])
        return 'cut' not in step


def judge_keys(fields, count):
    end = int(re.search(r'Credential=[A-Z]*(\d+)/', fields['authorization']).group(1))
    then = calendar.timegm(time.strptime(fields['x-amz-date'], '%Y%m%dT%H%M%SZ'))
    if then < end:
        return {'status': 200, 'date': False, 'body': json.dumps({'MessageId': f'message-{count}'})}
    return {'status': 403, 'date': False, 'type': 'ExpiredTokenException',
            'body': json.dumps({'message': 'The security token included in the request is expired'})}


def attempt_of(body):
    found = re.search(rb'"Name":"attempt_id","Value":"([^"]*)"', body)
    return found.group(1).decode() if found else ''


def message_of(body):
    found = re.search(rb'"Data":"([^"]*)"', body)
    return base64.b64decode(found.group(1)).decode('latin-1') if found else ''


def main():
    folder, certificate, steps = sys.argv[1:4]
    shift = int(sys.argv[4]) if len(sys.argv) > 4 and sys.argv[4] else None
    recompute = load_verifier(sys.argv[5]) if len(sys.argv) > 5 else None
    signal.alarm(60)
    context = None if certificate == 'none' else make_certificate(folder, certificate)
    server = Server(folder, json.loads(steps), shift, recompute)
    listener = socket.create_server(('127.0.0.1', 0), backlog=256)
    print(listener.getsockname()[1], flush=True)
    number = 0
    while True:
        raw, _ = listener.accept()
        number += 1
        threading.Thread(target=server.serve, args=(raw, context, number), daemon=True).start()


if __name__ == '__main__':
    main()
