#!/usr/bin/python3
"""Renders the HTML of a mail as a reader sees it, in light and in dark mode.

    render.py MAIL.eml|PAGE.html OUTPUT    writes OUTPUT-light.png and OUTPUT-dark.png

640 px wide and as high as the content. Needs Debian's chromium, and fonts-noto-core and
fonts-noto-cjk for scripts beyond Latin. Chromium reaches no network, as a mail needs none.
"""
import argparse
import base64
import contextlib
import email
import email.policy
import fcntl
import json
import os
import pathlib
import signal
import tempfile

PROGRAM = '/usr/lib/chromium/chromium'  # /usr/bin/chromium is a script around it
WIDTH_PIXELS = 640
PATIENCE_SECONDS = 60


class Chromium:
    """A browser without a window and with a profile of its own. Use as a context manager.

    It is spoken to by the DevTools protocol: JSON that ends in NUL, in by its descriptor 3, out by 4."""

    def __init__(self, reach=()):
        """`reach`: hosts that it may ask; no others."""
        self._hosts = ', '.join(['MAP * ~NOTFOUND', *(f'EXCLUDE {host}' for host in reach)])

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            home = undo.enter_context(tempfile.TemporaryDirectory(prefix='chromium-', ignore_cleanup_errors=True))
            theirs_in, ours_out = self._pipe()
            ours_in, theirs_out = self._pipe()
            arguments = [PROGRAM, '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
                         '--no-first-run', '--remote-debugging-pipe', f'--user-data-dir={home}',
                         f'--host-resolver-rules={self._hosts}']
            environment = {'PATH': os.environ['PATH'], 'HOME': home, 'TMPDIR': home, 'LANG': 'C.UTF-8'}
            null = os.open(os.devnull, os.O_WRONLY)
            # A group of its own, so that whatever it starts can be ended with it.
            self._process = os.posix_spawn(PROGRAM, arguments, environment, setpgroup=0, file_actions=[
                (os.POSIX_SPAWN_DUP2, theirs_in, 3), (os.POSIX_SPAWN_DUP2, theirs_out, 4),
                (os.POSIX_SPAWN_DUP2, null, 2)])
            undo.callback(self._stop)
            for descriptor in (theirs_in, theirs_out, null):
                os.close(descriptor)
            self._in = undo.enter_context(os.fdopen(ours_in, 'rb'))
            self._out = undo.enter_context(os.fdopen(ours_out, 'wb', buffering=0))
            self._last = 0
            self._session = None
            page = self.call('Target.createTarget', url='about:blank')['targetId']
            self._session = self.call('Target.attachToTarget', targetId=page, flatten=True)['sessionId']
            self._cleanup = undo.pop_all()
        return self

    def __exit__(self, *_):
        self._cleanup.close()

    def call(self, method, **parameters):
        self._last += 1
        message = {'id': self._last, 'method': method, 'params': parameters}
        if self._session:
            message['sessionId'] = self._session
        self._out.write(json.dumps(message).encode() + b'\0')
        while (answer := self._receive()).get('id') != self._last:
            pass  # an event
        if 'error' in answer:
            raise RuntimeError(f'{method}: {answer["error"]["message"]}')
        return answer['result']

    def render(self, html, scheme):
        """A PNG of a page in the colour scheme 'light' or 'dark'."""
        self.call('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': scheme}])
        self._resize(1)
        frame = self.call('Page.getFrameTree')['frameTree']['frame']['id']
        self.call('Page.setDocumentContent', frameId=frame, html=html)
        self.call('Runtime.evaluate', expression='document.fonts.ready.then(() => 0)', awaitPromise=True)
        self._resize(self.call('Page.getLayoutMetrics')['cssContentSize']['height'])
        return base64.b64decode(self.call('Page.captureScreenshot', format='png')['data'])

    def _resize(self, height):
        self.call('Emulation.setDeviceMetricsOverride', width=WIDTH_PIXELS, height=int(height), deviceScaleFactor=1,
                  mobile=False)

    def _receive(self):
        text = bytearray()
        while (byte := self._in.read(1)) != b'\0':
            if not byte:
                raise ConnectionError(f'{PROGRAM} ended; is it installed and does it run?')
            text += byte
        return json.loads(text)

    def _stop(self):
        os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    @staticmethod
    def _pipe():
        """Two ends above 4, so that neither is in the way of the descriptors 3 and 4."""
        ends = os.pipe()
        moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 5) for end in ends]
        for end in ends:
            os.close(end)
        return moved


def read_html(path):
    if path.suffix != '.eml':
        return path.read_text(encoding='utf-8')
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return mail.get_body(['html']).get_content()


def give_up(*_):
    raise TimeoutError(f'{PROGRAM} has not answered for {PATIENCE_SECONDS} s')


def main():
    parser = argparse.ArgumentParser(description='Renders the HTML of a mail in light and in dark mode.')
    parser.add_argument('mail', type=pathlib.Path, help='.eml, or a page of HTML')
    parser.add_argument('output', help='OUTPUT-light.png and OUTPUT-dark.png are written')
    arguments = parser.parse_args()
    html = read_html(arguments.mail)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_SECONDS)
    with Chromium() as chromium:
        for scheme in ('light', 'dark'):
            pathlib.Path(f'{arguments.output}-{scheme}.png').write_bytes(chromium.render(html, scheme))


if __name__ == '__main__':
    main()
