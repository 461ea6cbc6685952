"""An SMTP server that keeps what it is given: where the answers of a mail client go."""
import queue
import socketserver
import threading


class _Session(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self):
        self._say('220 ready')
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.strip() else b''
            if verb == b'DATA':
                self._say('354 go ahead')
                self.server.mails.put(self._read_mail())
            elif verb == b'QUIT':
                self._say('221 bye')
                return
            self._say('250 ok')

    def _say(self, line):
        self.wfile.write(line.encode() + b'\r\n')

    def _read_mail(self):
        lines = []
        while (line := self.rfile.readline()) not in (b'.\r\n', b''):
            lines.append(line[1:] if line.startswith(b'.') else line)
        return b''.join(lines)


class Outgoing(socketserver.ThreadingTCPServer):
    """Use as a context manager."""
    daemon_threads = True

    def __init__(self):
        super().__init__(('127.0.0.1', 0), _Session)
        self.mails = queue.Queue()
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
