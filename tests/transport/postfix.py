"""A Postfix of its own on loopback, for one test; needs root, and lives for two minutes at most.

    postfix.py FOLDER

It demands STARTTLS and AUTH (user league, password "se cret/+="), keeps what it accepts for
example.com in the Maildir FOLDER/box, refuses nobody@example.com with 550 and writes
FOLDER/mail.log; FOLDER/good.crt is its certificate. Prints its port when it listens, and ends on
SIGTERM.
"""
import base64
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from tls_server import make_certificate

MAIN = """compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.league.example
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
default_transport = error:this server delivers nowhere else
virtual_transport = virtual
virtual_mailbox_domains = example.com
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:box/
virtual_minimum_uid = 1
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
smtpd_tls_cert_file = {folder}/good.crt
smtpd_tls_key_file = {folder}/good.key
smtpd_tls_security_level = encrypt
smtpd_tls_session_cache_database =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {home}/auth
smtpd_recipient_restrictions = check_recipient_access inline:{{
    {{nobody@example.com = 550 5.1.1 no such user}} }},
  permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
"""
MASTER = """127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

def run(*command, **more):
    done = subprocess.run(command, stdin=more.pop('stdin', subprocess.DEVNULL), capture_output=True,
                          text=True, **more)
    if done.returncode:
        sys.exit(f'{command[0]}: {done.stdout}{done.stderr}')


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def configure(home, folder, port):
    postfix, nobody = pwd.getpwnam('postfix'), pwd.getpwnam('nobody')
    for name in ('conf', 'queue', 'data', 'mail'):
        (home / name).mkdir()
    os.chown(home / 'data', postfix.pw_uid, postfix.pw_gid)
    os.chown(home / 'mail', nobody.pw_uid, nobody.pw_gid)
    names = {'home': home, 'folder': folder, 'port': port, 'nobody': nobody.pw_uid}
    (home / 'conf/main.cf').write_text(MAIN.format(**names))
    (home / 'conf/master.cf').write_text(MASTER.format(**names))
    for name in ('mail.log', 'box'):
        (folder / name).symlink_to(home / ('mail/box' if name == 'box' else name))


def answer_logins(connection):
    """Dovecot's side of the authentication protocol, as far as Postfix speaks it for PLAIN."""
    stream = connection.makefile('rw', encoding='ascii', newline='\n')
    stream.write('VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t1\nDONE\n')
    stream.flush()
    right = base64.b64encode(b'\0league\0se cret/+=').decode()
    for line in stream:
        command, *fields = line.rstrip('\n').split('\t')
        if command == 'AUTH' and fields[-1].startswith('resp='):
            fields[1:] = [fields[-1].removeprefix('resp=')]
        elif command == 'AUTH':
            stream.write(f'CONT\t{fields[0]}\t\n')
        if len(fields) == 2 and command in ('AUTH', 'CONT'):
            good = fields[1] == right
            stream.write(f'OK\t{fields[0]}\tuser=league\n' if good else f'FAIL\t{fields[0]}\n')
        stream.flush()


def serve_logins(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o666)
    listener.listen(16)
    while True:
        threading.Thread(target=answer_logins, args=(listener.accept()[0],), daemon=True).start()


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit('Postfix does not listen')


def main():
    folder = pathlib.Path(sys.argv[1])
    make_certificate(str(folder), 'good')
    home = pathlib.Path(tempfile.mkdtemp(prefix='calinvite-postfix-'))
    home.chmod(0o755)
    master = None
    try:
        for end in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(end, lambda *_: sys.exit())
        signal.alarm(120)
        port = free_port()
        configure(home, folder, port)
        threading.Thread(target=serve_logins, args=(home / 'auth',), daemon=True).start()
        run('postfix', '-c', str(home / 'conf'), 'check')
        master = subprocess.Popen(['/usr/lib/postfix/sbin/master', '-d', '-c', str(home / 'conf')],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  start_new_session=True)  # at its end it signals its group
        wait_for(port)
        print(port, flush=True)
        master.wait()
    finally:
        if master:
            master.terminate()
            master.wait()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == '__main__':
    main()
