"""A reader's way from mail to calinvite-server and back, by curl and by Chromium."""
import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
import unittest

from reader import Browser, LandingPage, Site, curl, post, simulator_run

BUILD = sys.argv.pop(1)
FAN = 'fan@fans.example'
PERSON_SECONDS = 2.2  # a form that comes back sooner was filled in by no person


def links_of(mail):
    """The links of the HTML part, in their order."""
    message = email.message_from_bytes(mail, policy=email.policy.default)
    page = message.get_body(['html']).get_content()
    return [link.replace('&amp;', '&') for link in re.findall('href="([^"]+)"', page)]


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(Site(BUILD, '--trusted-proxy', '127.0.0.1'))
        self.program = self.site.program
        self.event = self.program.event()

    def simulate(self):
        ses = self.enterContext(simulator_run.Simulator(BUILD, '--seed', '7'))
        self.program.use(ses.url, ses.ready['ca'])
        return ses

    def mail_to(self, ses, address):
        """The last mail that the simulator took for somebody."""
        name = [name for name in ses.files('mails') if address in name][-1]
        return ses.read('mails', name)

    def invite(self, ses):
        self.program.lines('invite', self.event, '--to', FAN, '--yes')
        self.program.lines('dispatch')
        return links_of(self.mail_to(ses, FAN))

    def test_an_rsvp_link_is_answered_changed_and_answered_again_by_curl(self):
        """R124: an RSVP link is answered, changed and answered again"""
        links = self.invite(self.simulate())
        yes = next(link for link in links if 'answer=accepted' in link)
        self.assertTrue(yes.startswith(self.site.url + '/r/'))
        page = curl(yes)
        self.assertEqual(page.status, 200)
        self.assertEqual(page.headers['Cache-Control'], 'no-store')
        self.assertEqual(page.headers['Referrer-Policy'], 'no-referrer')
        self.assertIn('value="accepted" required checked', page.body)
        self.assertEqual(self.site.rsvp(self.event)['accepted'], 0)
        url = yes.split('?')[0]
        for answer in ('accepted', 'declined', 'tentative', 'accepted'):
            done = post(url, form=page.input('form'), answer=answer, comment='grüße')
            self.assertEqual(done.status, 200)
            self.assertIn('Your answer is saved', done.body)
            counts = self.site.rsvp(self.event)
            self.assertEqual((counts[answer], sum(counts.values())), (1, 1))
            time.sleep(1.1)  # answers are told apart by the second
        self.assertEqual(post(url, answer='declined').status, 404)
        file = curl(url + '/invite.ics')
        self.assertIn('METHOD:PUBLISH', file.body)
        self.assertNotIn('ATTENDEE', file.body)

    def test_a_button_is_pressed_by_curl(self):
        ses = self.simulate()
        link = self.site.button(self.event, FAN, 'https://club.example/thanks')
        page = curl(link)
        self.assertEqual(page.input('email'), FAN)
        time.sleep(PERSON_SECONDS)
        done = post(link.split('?')[0], form=page.input('form'), button=page.input('button'), email=FAN)
        self.assertEqual((done.status, done.headers['Location']), (302, 'https://club.example/thanks'))
        self.program.lines('dispatch')
        self.assertIn(b'method=REQUEST', self.mail_to(ses, FAN))
        self.assertEqual(curl(link.split('?')[0]).status, 403)
        self.assertEqual(curl(link.replace('button=AQ', 'button=BQ')).status, 400)

    def test_a_reader_goes_the_whole_way_in_a_browser(self):
        ses = self.simulate()
        landing = self.enterContext(LandingPage())
        browser = self.enterContext(Browser())
        browser.open(self.site.button(self.event, FAN, landing.url))
        self.assertIn('Harbour v Hill', browser.text())
        self.assertEqual(browser.evaluate('document.querySelector("#email").value'), FAN)
        self.assertEqual(self.program.totals()['planned'], 0)
        time.sleep(PERSON_SECONDS)
        browser.submit('button[type=submit]')
        browser.wait(f'location.href === "{landing.url}"')
        self.assertIn('See you there', browser.text())

        self.assertEqual(self.program.lines('dispatch')[-1]['accepted'], 1)
        links = links_of(self.mail_to(ses, FAN))
        browser.open(next(link for link in links if 'answer=tentative' in link))
        self.assertTrue(browser.evaluate('document.querySelector("[value=tentative]").checked'))
        self.assertEqual(self.site.rsvp(self.event)['tentative'], 0)
        browser.submit('button[type=submit]')
        self.assertIn('Your answer is saved', browser.text())
        self.assertEqual(self.site.rsvp(self.event)['tentative'], 1)
        browser.press('[value=declined]')
        browser.submit('button[type=submit]')
        self.assertEqual(self.site.rsvp(self.event)['declined'], 1)
        # The policy of the page lets its own style in, and no script.
        self.assertEqual(browser.evaluate('getComputedStyle(document.querySelector(".told")).borderTopWidth'), '2px')

    def test_a_scanner_that_opens_and_runs_every_link_changes_nothing(self):
        """R122, R123: a scanner that opens every link by HEAD, GET and a browser changes nothing"""
        ses = self.simulate()
        links = [link for link in self.invite(ses) if link.startswith(self.site.url)]
        self.assertGreaterEqual(len(links), 5)  # three answers, the calendar file, the way out
        links.append(self.site.button(self.event, 'other@fans.example'))
        browser = self.enterContext(Browser())
        before = self.program.totals()
        for link in links * 2:
            self.assertLess(curl('--head', link).status, 500)
            self.assertLess(curl(link).status, 500)
            if not link.endswith('.ics'):
                browser.open(link)
        self.assertEqual(self.site.rsvp(self.event), {'accepted': 0, 'declined': 0, 'noaction': 1, 'tentative': 0})
        self.assertEqual(self.program.totals(), before)
        self.assertEqual(self.program.lines('dispatch')[-1]['pending'], 0)
        self.assertEqual(len(ses.files('mails')), 1)

    def test_a_simulated_scanner_finds_pages_behind_all_links(self):
        scenario = {'recipients': {'addresses': {FAN: 'scanner'}}}
        ses = self.enterContext(simulator_run.Scenario(BUILD, scenario))
        self.program.use(ses.url, ses.ready['ca'])
        self.invite(ses)
        ses.end()  # it opens what it has found before
        ours = [visit for visit in ses.lines('visits.jsonl') if visit['url'].startswith(self.site.url)]
        self.assertEqual({visit['status'] for visit in ours if '/u/' not in visit['url']}, {200})
        self.assertEqual(self.site.rsvp(self.event)['noaction'], 1)

    def test_one_click_of_a_mail_program_unsubscribes(self):
        """R138: one click unsubscribes at once, in either form that RFC 8058 allows, and looking never does"""
        ses = self.simulate()
        self.invite(ses)
        mail = email.message_from_bytes(self.mail_to(ses, FAN), policy=email.policy.default)
        link = re.search('<(http[^>]*/u/[^>]+)>', mail['List-Unsubscribe']).group(1)
        self.assertEqual(mail['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click')
        self.assertEqual(curl(link).status, 200)
        self.assertEqual(post(link, scope='organizer').status, 404)
        self.assertEqual(self.program.lines('suppress', 'list'), [])
        for form in (('--data', 'List-Unsubscribe=One-Click'), ('--form', 'List-Unsubscribe=One-Click')):
            done = curl(*form, link)
            self.assertEqual(done.status, 200)
            self.assertNotIn('Location', done.headers)
            self.assertEqual(len(self.program.lines('suppress', 'list')), 1)
        self.assertEqual(self.program.lines('invite', self.program.event('Next'), '--to', FAN)[0]['skip'],
                         {'suppressed': 1})

    def test_each_reader_behind_a_trusted_proxy_has_a_cap_of_their_own(self):
        link = self.site.button(self.event, FAN)
        page = curl(link)
        time.sleep(PERSON_SECONDS)

        def press(number, *options):
            fields = f'form={page.input("form")}&button={page.input("button")}&email=fan{number}%40fans.example'
            self.assertEqual(curl('--data', fields, *options, link.split('?')[0]).status, 200)
            return self.program.totals()['planned']
        for number in range(60):
            planned = press(number, '-H', 'X-Forwarded-For: 203.0.113.9, 198.51.100.1')
        self.assertEqual(planned, 60)
        self.assertEqual(press(61, '-H', 'X-Forwarded-For: 203.0.113.10, 198.51.100.1'), 60)
        self.assertEqual(press(62, '-H', 'X-Forwarded-For: 198.51.100.2'), 61)

    def test_what_is_no_form_is_refused(self):
        url = self.site.url + '/r/nobody'
        self.assertEqual(curl('--data', 'x' * 70_000, url).status, 413)
        self.assertEqual(curl('-H', 'Content-Encoding: gzip', '--data', 'x', url).status, 415)
        self.assertEqual(curl('--form', 'answer=accepted', url).status, 404)
        self.assertEqual(curl('-X', 'PUT', '--data', 'x', url).status, 405)
        self.assertEqual(curl('-X', 'OPTIONS', url).status, 405)
        self.assertEqual(curl(self.site.url + '/../../etc/passwd', '--path-as-is').status, 404)

    def test_it_listens_on_this_machine_alone_and_ends_when_told_to(self):
        port = int(self.site.url.rsplit(':', 1)[1])
        with socket.socket() as other:
            other.settimeout(10)
            self.assertNotEqual(other.connect_ex(('127.0.0.2', port)), 0)
        self.assertEqual(curl(self.site.url + '/e/nothing').status, 404)
        self.assertEqual(self.site.end(), 0)

    def test_a_store_without_its_key_is_refused(self):
        os.rename(self.program.directory + '/league.db.key', self.program.directory + '/aside')
        server = os.path.join(BUILD, 'examples/server/calinvite-server')
        done = subprocess.run([server, '--port', '0'], env=self.program.environment, capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn('no master key', done.stderr)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v'])
