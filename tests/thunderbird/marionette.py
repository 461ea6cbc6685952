"""A client of Marionette, Mozilla's remote protocol, as far as running a script goes."""
import base64
import json
import socket


class Marionette:
    """Runs scripts with the rights of the application itself (the chrome context)."""

    def __init__(self, port, timeout_seconds):
        self._socket = socket.create_connection(('127.0.0.1', port), timeout_seconds)
        self._stream = self._socket.makefile('rb')
        self._last = 0
        self._receive()  # the greeting
        self._call('WebDriver:NewSession', {})
        self._call('Marionette:SetContext', {'value': 'chrome'})

    def run(self, script, *arguments):
        """What the body of an async function returns, given `args`."""
        script = ('const [args, done] = [arguments[0], arguments[1]];'
                  f'(async () => {{ {script} }})().then(value => done({{value}}),'
                  ' error => done({error: `${error}\\n${error?.stack}`}));')
        value = self._call('WebDriver:ExecuteAsyncScript', {'script': script, 'args': [arguments]})['value']
        if 'error' in value:
            raise RuntimeError(value['error'])
        return value.get('value')

    def screenshot(self):
        """A PNG of the window."""
        return base64.b64decode(self._call('WebDriver:TakeScreenshot', {'full': False})['value'])

    def close(self):
        self._stream.close()
        self._socket.close()

    def _call(self, command, parameters):
        self._last += 1
        message = json.dumps([0, self._last, command, parameters]).encode()
        self._socket.sendall(b'%d:%b' % (len(message), message))
        _, number, error, result = self._receive()
        assert number == self._last, f'an answer to {number}, not to {self._last}'
        if error:
            raise RuntimeError(f'{command}: {error["error"]}: {error["message"]}')
        return result

    def _receive(self):
        """One message: its length in decimal digits, a colon, JSON."""
        digits = b''
        while (byte := self._stream.read(1)) != b':':
            if not byte:
                raise ConnectionError('Marionette hung up')
            digits += byte
        return json.loads(self._stream.read(int(digits)))
