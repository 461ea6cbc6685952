"""A DNS server on loopback, over UDP and TCP; it lives for two minutes at most.

    dns_server.py ZONES

ZONES  JSON object: DNS name -> object of record type -> list of values
         TXT    a text, or a list of the strings that make one up
         MX     [preference, host]
         CNAME  host
       A name may have "trouble" in place of records: "silent", "servfail", "refused", "garbage".
       "big" beside its records makes UDP answers truncated; TCP gives them in full.
       What is not in ZONES does not exist.

Prints its process id and its port when it listens, then a line for each question: udp or tcp, type, name.
"""
import json
import os
import signal
import socket
import struct
import sys
import threading

TYPES = {5: 'CNAME', 15: 'MX', 16: 'TXT'}
NUMBERS = {name: number for number, name in TYPES.items()}


def pack_name(name):
    labels = [label.encode() for label in name.split('.') if label]
    return b''.join(bytes([len(label)]) + label for label in labels) + b'\0'


def read_question(query):
    """Name, type, and the bytes of the question."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    kind, = struct.unpack('!H', query[at + 1:at + 3])
    return '.'.join(labels).lower(), kind, query[12:at + 5]


def pack_value(kind, value):
    if kind == 'MX':
        return struct.pack('!H', value[0]) + pack_name(value[1])
    if kind == 'CNAME':
        return pack_name(value)
    strings = [value] if isinstance(value, str) else value
    return b''.join(bytes([len(each.encode())]) + each.encode() for each in strings)


class Server:
    def __init__(self, zones):
        self.zones = {name.lower(): records for name, records in zones.items()}
        self.lock = threading.Lock()

    def records_of(self, name, kind):
        """What answers a question: (owner, type, value) each, aliases on the way included; None: no such name."""
        found = self.zones.get(name)
        if found is None:
            return None
        if kind == 'CNAME' or 'CNAME' not in found:
            return [(name, kind, value) for value in found.get(kind, [])]
        target = found['CNAME'][0].rstrip('.')
        return [(name, 'CNAME', target)] + (self.records_of(target.lower(), kind) or [])

    def answer(self, query, over):
        name, number, question = read_question(query)
        kind = TYPES.get(number, str(number))
        with self.lock:
            print(over, kind, name, flush=True)
        zone = self.zones.get(name, {})
        trouble = zone.get('trouble')
        if trouble == 'silent':
            return None
        if trouble == 'garbage':
            return query[:2] + b'\x81\x80\0\1\0\1\0\0\0\0' + question + b'\xc0\x0c\0\x10\0\1\0'
        records = self.records_of(name, kind)
        code = {'servfail': 2, 'refused': 5}.get(trouble, 3 if records is None else 0)
        packed = [pack_name(owner) + struct.pack('!HHIH', NUMBERS[of], 1, 60, len(data)) + data
                  for owner, of, value in records or []
                  for data in [pack_value(of, value)]] if not trouble else []
        truncated = zone.get('big') and over == 'udp'
        if truncated:
            packed = []
        flags = 0x8180 | (0x0200 if truncated else 0) | code
        return query[:2] + struct.pack('!HHHHH', flags, 1, len(packed), 0, 0) + question + b''.join(packed)

    def serve_udp(self, port):
        while True:
            query, peer = port.recvfrom(65535)
            if answer := self.answer(query, 'udp'):
                port.sendto(answer, peer)

    def serve_tcp(self, listener):
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile('rb') as stream:
                connection.settimeout(10)
                while len(head := stream.read(2)) == 2:
                    answer = self.answer(stream.read(struct.unpack('!H', head)[0]), 'tcp')
                    if answer is None:
                        break
                    connection.sendall(struct.pack('!H', len(answer)) + answer)


def listen():
    """UDP and TCP on one port."""
    for _ in range(100):
        listener = socket.create_server(('127.0.0.1', 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(listener.getsockname())
            return udp, listener
        except OSError:
            listener.close()
            udp.close()
    sys.exit('no port is free for both UDP and TCP')


def main():
    signal.alarm(120)
    server = Server(json.loads(sys.argv[1]))
    udp, listener = listen()
    print(os.getpid(), udp.getsockname()[1], flush=True)
    threading.Thread(target=server.serve_tcp, args=(listener,), daemon=True).start()
    server.serve_udp(udp)


if __name__ == '__main__':
    main()
