"""Stands in for Amazon SQS, and for the part of SNS that its messages need; loopback only.

    sqs_server.py FOLDER SPEC [VERIFIER]

Prints its port, and serves until it is killed. SPEC is JSON:
  messages     bodies in the queue
  count, body  that many more of them, with {n} in `body` replaced by their number
  standing     at most so many messages are handed out and not removed (default: all)
  duplicates   hands every message out twice, each time under a handle of its own
  throttle     answers so many requests with a throttling error first
  fail_deletes answers so many DeleteMessageBatch requests with 500 first
  expire_keys  refuses so many requests with ExpiredToken first
  certificate  what every GET of a .pem answers
FOLDER/log.jsonl gets a line for each request. VERIFIER is sigv4_verify.py: wrong signatures get 403.
"""
import collections
import http.server
import importlib.util
import json
import sys
import threading
import time
import urllib.parse

folder, spec = sys.argv[1], json.loads(sys.argv[2])
verify = None
if len(sys.argv) > 3:
    loaded = importlib.util.spec_from_file_location('sigv4_verify', sys.argv[3])
    module = importlib.util.module_from_spec(loaded)
    loaded.loader.exec_module(module)
    verify = module.recompute

SECRETS = {'AKIDEXAMPLE': 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'}
lock = threading.Lock()
log = open(f'{folder}/log.jsonl', 'a', encoding='utf-8', buffering=1)
bodies = spec.get('messages', []) + [spec['body'].replace('{n}', str(n))
                                     for n in range(spec.get('count', 0))]
faults = collections.Counter({name: spec.get(name, 0)
                              for name in ('throttle', 'fail_deletes', 'expire_keys')})


class Message:
    def __init__(self, number, body):
        self.number, self.body = number, body
        self.visible_from = 0.0
        self.receives = 0


queue = {n: Message(n, body) for n, body in enumerate(bodies)}
twice = spec.get('duplicates', False)


def hand_out(most, visibility):
    now, out = time.monotonic(), []
    for message in queue.values():
        if len(out) >= most:
            break
        if message.visible_from > now:
            continue
        message.receives += 1
        # A queue that delivers at least once forgets now and then that it did.
        if not (twice and message.receives == 1):
            message.visible_from = now + visibility
        out.append({'MessageId': f'message-{message.number}',
                    'ReceiptHandle': f'{message.number}/{message.receives}',
                    'Body': message.body,
                    'Attributes': {'ApproximateReceiveCount': str(message.receives)}})
    return out


def receive(request):
    end = time.monotonic() + request.get('WaitTimeSeconds', 0)
    while True:
        with lock:
            out = hand_out(request['MaxNumberOfMessages'], request['VisibilityTimeout'])
        if out or time.monotonic() >= end:
            return {'Messages': out} if out else {}
        time.sleep(0.05)


def batch(request, act):
    assert 1 <= len(request['Entries']) <= 10, 'SQS takes ten at most'
    done, failed = [], []
    with lock:
        for entry in request['Entries']:
            number = int(entry['ReceiptHandle'].split('/')[0])
            if act(number, entry):
                done.append({'Id': entry['Id']})
            else:
                failed.append({'Id': entry['Id'], 'SenderFault': True,
                               'Code': 'ReceiptHandleIsInvalid'})
    return {'Successful': done, 'Failed': failed}


def delete(number, _):
    return queue.pop(number, None) is not None


def extend(number, entry):
    if number in queue:
        queue[number].visible_from = time.monotonic() + entry['VisibilityTimeout']
    return number in queue


ACTIONS = {'AmazonSQS.ReceiveMessage': receive,
           'AmazonSQS.DeleteMessageBatch': lambda request: batch(request, delete),
           'AmazonSQS.ChangeMessageVisibilityBatch': lambda request: batch(request, extend)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind='application/x-amz-json-1.0'):
        data = body.encode()
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def note(self, **what):
        with lock:
            log.write(json.dumps(what) + '\n')

    def fault(self, name):
        with lock:
            faults[name] -= 1
            return faults[name] >= 0

    def do_GET(self):
        self.note(fetched=self.path)
        if self.path.endswith('.pem') and 'certificate' in spec:
            return self.answer(200, spec['certificate'], 'text/plain')
        return self.answer(404, 'no')

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        action = self.headers.get('X-Amz-Target', '')
        if verify:
            verdict = verify('POST', self.path, list(self.headers.items()), body, SECRETS)
            if not verdict['ok']:
                self.note(unsigned=verdict.get('why', verdict['error']))
                return self.answer(403, '{"__type":"InvalidSignatureException"}')
        if self.fault('expire_keys'):
            self.note(expired=action)
            return self.answer(403, '{"__type":"ExpiredToken","message":"expired"}')
        if self.fault('throttle'):
            self.note(throttled=action)
            return self.answer(400, '{"__type":"com.amazonaws.sqs#ThrottlingException",'
                                    '"message":"Rate exceeded"}')
        if not action:
            form = dict(urllib.parse.parse_qsl(body.decode()))
            self.note(confirmed=form)
            return self.answer(200, '<ConfirmSubscriptionResponse/>', 'text/xml')
        request = json.loads(body)
        if not request['QueueUrl'].endswith('/ses-events'):
            return self.answer(400, '{"__type":"com.amazonaws.sqs#QueueDoesNotExist",'
                                    '"message":"The specified queue does not exist."}')
        if action.endswith('DeleteMessageBatch') and self.fault('fail_deletes'):
            self.note(failed=action)
            return self.answer(500, '{"__type":"InternalFailure"}')
        done = ACTIONS[action](request)
        self.note(action=action.split('.')[1], asked=request,
                  got=len(done.get('Messages', done.get('Successful', []))), left=len(queue))
        return self.answer(200, json.dumps(done))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


server = Server(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
