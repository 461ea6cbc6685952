"""calinvite-server on a league of its own, and what readers ask it with: curl and Chromium."""
import html
import http.server
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'cli'), os.path.join(HERE, '..', '..', 'docs', 'gallery')]
import render  # noqa: E402
from program import Program, simulator_run  # noqa: E402, F401


class Answer:
    """What curl got."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def input(self, name):
        found = re.search(f'name="{name}" value="([^"]*)"', self.body)
        return html.unescape(found.group(1)) if found else None


def curl(*arguments):
    """One request, without following redirects."""
    done = subprocess.run(['curl', '--silent', '--show-error', '--include', '--max-time', '60', '--noproxy', '*',
                           *arguments], capture_output=True, check=True)
    head, _, body = done.stdout.partition(b'\r\n\r\n')
    status, *lines = head.decode('latin-1').split('\r\n')
    headers = dict(line.split(': ', 1) for line in lines)
    return Answer(int(status.split()[1]), headers, body.decode('utf-8'))


def post(url, **fields):
    return curl('--data', urllib.parse.urlencode(fields), url)


class Site:
    """A league whose links lead to a server of its own; use as a context manager."""

    def __init__(self, build, *options):
        self.program = Program(build)
        self.program.add_league()
        server = os.path.join(build, 'examples/server/calinvite-server')
        self.process = subprocess.Popen([server, '--port', '0', *options], env=self.program.environment,
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f'calinvite-server ended with {self.process.wait()}')
        self.url = line.split()[1]
        self.program.lines('domain', 'set', 'league', '--base-url', self.url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.program.__exit__()

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code

    def button(self, event, address, landing=None):
        """The link of a button in a mail, its merge tags filled in."""
        options = ['--landing', landing] if landing else []
        code = self.program.lines('button', event, *options)[0]['html']
        link = html.unescape(re.search('href="([^"]+)"', code).group(1))
        return link.replace('{email}', urllib.parse.quote(address)).replace('{name}', 'Fan')

    def rsvp(self, event):
        return self.program.lines('report', event)[0]['rsvp']


class LandingPage:
    """A page of the organizer's own site; use as a context manager."""

    def __enter__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'<title>Thanks</title>See you there')

            def log_message(self, *_):
                pass

        self._server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f'http://127.0.0.1:{self._server.server_port}/thanks'
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Browser(render.Chromium):
    """Chromium with its scripts on, which may ask this machine. What is pressed is pressed by the mouse."""

    def __init__(self):
        super().__init__(reach=['127.0.0.1'])

    def evaluate(self, expression):
        return self.call('Runtime.evaluate', expression=expression, returnByValue=True)['result'].get('value')

    def open(self, url):
        self.call('Page.navigate', url=url)
        self.wait('document.readyState === "complete" && location.href !== "about:blank"')

    def wait(self, expression, seconds=60):
        def holds():
            try:
                return self.evaluate(expression)
            except RuntimeError:  # one page goes, the next has not come
                return False
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f'{expression} did not become true at {self.evaluate("location.href")}')
            time.sleep(0.05)

    def press(self, selector):
        self.evaluate('window.stays = true')
        x, y = self.evaluate(f'(() => {{ const e = document.querySelector({selector!r}); e.scrollIntoView();'
                             ' const r = e.getBoundingClientRect();'
                             ' return [r.x + r.width / 2, r.y + r.height / 2]; })()')
        for kind in ('mousePressed', 'mouseReleased'):
            self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y, button='left', clickCount=1)

    def submit(self, selector):
        """Presses a button and waits for the page that comes of it."""
        self.press(selector)
        self.wait('window.stays !== true && document.readyState === "complete"')

    def text(self):
        return self.evaluate('document.body.innerText')
