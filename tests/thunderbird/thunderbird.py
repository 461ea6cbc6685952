"""Thunderbird on a screen and in a profile of its own, both thrown away at the end."""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from marionette import Marionette

PROGRAM = '/usr/lib/thunderbird/thunderbird'  # /usr/bin/thunderbird is a script that asks questions
PATIENCE_SECONDS = 60


def wait_for(what, look):
    """The first truth that `look` returns."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError(f'waited {PATIENCE_SECONDS} s for {what}')


# What each script below begins with.
COMMON = '''
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const {MailUtils} = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
const {cal} = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const tabs = document.getElementById("tabmail");
const seen = () => tabs.currentAboutMessage;  // the window that shows the mail of the current tab
'''

# A new profile has one calendar, which is off until somebody opens the calendar.
PREPARE = '''
cal.manager.getCalendars().forEach(calendar => calendar.setProperty("disabled", false));
document.getElementById("today-pane-panel").setVisible(false, true, true);
window.moveTo(0, 0);
window.resizeTo(screen.width, screen.height);
'''

SHOW = '''
tabs.closeOtherTabs(tabs.tabInfo[0]);
const inbox = MailServices.accounts.defaultAccount.incomingServer.rootFolder
  .getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox).QueryInterface(Ci.nsIMsgLocalMailFolder);
MailUtils.displayMessage(inbox.addMessage(args[0]));
'''

# The bar has its item once the calendar was asked what it knows of the event.
SEEN = '''
const shown = seen();
if (!shown?.calImipBar?.itipItem) return null;
const visible = node => node.checkVisibility() && node.getBoundingClientRect().width > 0;
const rows = {};
for (const row of shown.document.getElementById("messagepane").contentDocument
    .querySelectorAll("#imipHTMLDetails tr")) {
  if (visible(row)) rows[row.id.split("-")[1]] = row.querySelector("td").innerText.trim();
}
return rows.when && {
  label: shown.document.querySelector("#imip-bar .msgNotificationBarText").textContent.trim(),
  buttons: [...shown.document.querySelectorAll("#imip-view-toolbar toolbarbutton")]
    .filter(button => button.id && visible(button)).map(button => button.label),
  rows,
};
'''

AT_REST = 'return !document.getElementById("statusText").value;'

PRESS = '''
[...seen().document.querySelectorAll("#imip-view-toolbar toolbarbutton")]
  .find(button => !button.hidden && button.label == args[0]).doCommand();
'''

EVENTS = '''
const [calendar] = cal.manager.getCalendars();
const items = await calendar.getItemsAsArray(calendar.ITEM_FILTER_ALL_ITEMS |
  calendar.ITEM_FILTER_CLASS_OCCURRENCES, 0, cal.createDateTime("20370101"), cal.createDateTime("20380101"));
const event = item => ({
  uid: item.id,
  summary: item.title,
  location: item.getProperty("LOCATION"),
  start: item.startDate.icalString,
  end: item.endDate.icalString,
  instant: item.startDate.getInTimezone(cal.dtz.UTC).icalString,
  timezone: item.startDate.timezone.tzid,
  attendees: item.getAttendees().map(attendee => [attendee.id, attendee.participationStatus]),
});
return items.sort((a, b) => a.startDate.compare(b.startDate)).map(event);
'''


class Screen:
    """An X server without a monitor; picks a display that is free."""

    def __init__(self):
        reader, writer = os.pipe()
        with os.fdopen(reader) as numbers:
            self._server = subprocess.Popen(
                ['Xvfb', '-displayfd', str(writer), '-screen', '0', '1280x1280x24', '-nolisten', 'tcp'],
                pass_fds=[writer], stderr=subprocess.DEVNULL)
            os.close(writer)
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError(f'Xvfb ended with {self._server.wait()}')
        self.display = f':{number}'

    def close(self):
        self._server.terminate()
        self._server.wait()


def preferences(address, smtp_port):
    """One account with one identity, a local calendar on its behalf, and no network but SMTP."""
    return {
        'marionette.port': 0,  # any; it writes which into the profile
        'mail.accountmanager.accounts': 'account1,account2',
        'mail.accountmanager.defaultaccount': 'account1',
        'mail.accountmanager.localfoldersserver': 'server2',
        'mail.account.account1.server': 'server1',
        'mail.account.account1.identities': 'id1',
        'mail.account.account2.server': 'server2',
        'mail.identity.id1.useremail': address,
        'mail.identity.id1.fullName': 'Fan 0001',
        'mail.identity.id1.smtpServer': 'smtp1',
        'mail.identity.id1.valid': True,
        'mail.identity.id1.fcc_folder': 'mailbox://nobody@Local%20Folders/Sent',
        'mail.server.server1.type': 'pop3',
        'mail.server.server1.hostname': '127.0.0.1',
        'mail.server.server1.userName': 'fan',
        'mail.server.server1.name': address,
        'mail.server.server1.login_at_startup': False,
        'mail.server.server2.type': 'none',
        'mail.server.server2.hostname': 'Local Folders',
        'mail.server.server2.userName': 'nobody',
        'mail.server.server2.name': 'Local Folders',
        'mail.smtpservers': 'smtp1',
        'mail.smtp.defaultserver': 'smtp1',
        'mail.smtpserver.smtp1.type': 'smtp',
        'mail.smtpserver.smtp1.hostname': '127.0.0.1',
        'mail.smtpserver.smtp1.port': smtp_port,
        'mail.smtpserver.smtp1.authMethod': 1,  # none
        'mail.smtpserver.smtp1.try_ssl': 0,
        'calendar.timezone.local': 'Europe/Berlin',
        'network.proxy.type': 1,
        'network.proxy.http': '127.0.0.1',
        'network.proxy.http_port': 9,
        'network.proxy.ssl': '127.0.0.1',
        'network.proxy.ssl_port': 9,
        'network.proxy.no_proxies_on': '127.0.0.1',
        'network.dns.forceResolve': '127.0.0.1',
        'app.update.enabled': False,
        'datareporting.policy.dataSubmissionEnabled': False,
        'datareporting.policy.dataSubmissionPolicyBypassNotification': True,
        'toolkit.telemetry.enabled': False,
        'mail.provider.suppress_dialog_on_startup': True,
        'mail.rights.version': 1,
        'mail.shell.checkDefaultClient': False,
        'mail.chat.enabled': False,
        'mailnews.start_page.enabled': False,
    }


class Thunderbird:
    """The mail client of `address`, handing what it sends to an SMTP server. A context manager."""

    def __init__(self, address, smtp_port):
        with contextlib.ExitStack() as undo:  # should the start fail
            self._home = tempfile.mkdtemp(prefix='thunderbird-')
            undo.callback(shutil.rmtree, self._home, ignore_errors=True)
            self._log = os.path.join(self._home, 'log')
            self._screen = Screen()
            undo.callback(self._screen.close)
            profile = os.path.join(self._home, 'profile')
            os.mkdir(profile)
            with open(os.path.join(profile, 'user.js'), 'w', encoding='utf-8') as file:
                for name, value in preferences(address, smtp_port).items():
                    file.write(f'user_pref({json.dumps(name)}, {json.dumps(value)});\n')
            self._start(profile)
            undo.callback(self._stop)
            port = wait_for('Marionette', lambda: self._port(profile))
            self._remote = Marionette(port, PATIENCE_SECONDS)
            undo.callback(self._remote.close)
            self._run(PREPARE)
            self._cleanup = undo.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._cleanup.close()

    def show(self, mail):
        """Puts a mail into the inbox and opens it; tells what is seen of its invitation: `label` of
        the bar, `buttons` on it, `rows` of the event's details by name (a changed one: new, old)."""
        self._run(SHOW, mail.decode('ascii'))
        return wait_for('the bar of an invitation', lambda: self._run(SEEN))

    def press(self, button):
        """Presses a button of the bar by its label; what follows goes on while this returns."""
        self._run(PRESS, button)

    def events(self):
        """What the calendar holds of 2037, every date of a series, in order of time."""
        return self._run(EVENTS)

    def picture(self):
        """A PNG of the window, once its status bar no longer says that something loads."""
        wait_for('the status bar to rest', lambda: self._run(AT_REST))
        return self._remote.screenshot()

    def _run(self, script, *arguments):
        return self._remote.run(COMMON + script, *arguments)

    def _start(self, profile):
        environment = {
            'PATH': os.environ['PATH'], 'HOME': self._home, 'TMPDIR': self._home, 'XDG_RUNTIME_DIR': self._home,
            'DISPLAY': self._screen.display, 'LANG': 'C.UTF-8', 'TZ': 'Europe/Berlin',
            'MOZ_CRASHREPORTER_DISABLE': '1', 'NO_AT_BRIDGE': '1', 'LIBGL_ALWAYS_SOFTWARE': '1',
            'DBUS_SESSION_BUS_ADDRESS': f'unix:path={self._home}/no-bus'}
        # A session of its own, so that whatever it starts can be ended with it.
        with open(self._log, 'wb') as log:
            self._process = subprocess.Popen(
                [PROGRAM, '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile],
                env=environment, cwd=self._home, stdout=log, stderr=log, start_new_session=True)

    def _port(self, profile):
        if self._process.poll() is not None:
            with open(self._log, encoding='utf-8', errors='replace') as log:
                raise RuntimeError(f'thunderbird ended with {self._process.returncode}: {log.read()[-2000:]}')
        try:
            with open(os.path.join(profile, 'MarionetteActivePort'), encoding='ascii') as file:
                return int(file.read() or 0)
        except FileNotFoundError:
            return 0

    def _stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
