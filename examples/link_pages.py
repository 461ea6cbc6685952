# Serves the pages behind the links of mails from any Python server: here WSGI, for two requests.
import re
import threading
import urllib.request
from datetime import datetime, timedelta, timezone
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import calinvite
from calinvite import Domain, Event, Organizer, Scope, WebRequest


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def application(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """A WSGI application: request in, response out. The engine takes turns between threads."""
    headers = [(name[5:].replace("_", "-"), str(value)) for name, value in environ.items()
               if name.startswith("HTTP_")]
    headers.append(("Content-Type", environ.get("CONTENT_TYPE", "")))
    answer = calinvite.respond(
        engine,
        WebRequest(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            query=environ["QUERY_STRING"],
            headers=headers,
            body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
            remote_address=environ["REMOTE_ADDR"],
        ),
    )
    start_response(f"{answer.status} Answer", answer.headers)
    return [answer.body]


with TemporaryDirectory() as folder, calinvite.Engine.open(
    store=f"sqlite:{folder}/league.db", master_key=bytes(32)
) as engine, make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
    engine.add_domain(Domain(name="league", from_address="cal@reply.league.example",
                             reply_domain="reply.league.example",
                             base_url="https://cal.league.example"))
    engine.add_organizer(Organizer(address="fixtures@league.example"))
    league = Scope.domain("league")
    start = datetime(2037, 5, 8, 15, 0, tzinfo=timezone.utc)
    match = engine.create_event(league, Event(organizer="fixtures@league.example",
                                              summary="Harbour v Hill",
                                              start=start, end=start + timedelta(hours=2)))
    engine.invite(league, match.uid, ["ana@example.com"])
    token = engine.rsvp_token(league, match.uid, "ana@example.com")
    threading.Thread(target=server.serve_forever, daemon=True).start()

    # A mail carries this link below the domain's base URL. To open it changes nothing.
    link = calinvite.rsvp_link(f"http://127.0.0.1:{server.server_port}", token)
    page = urllib.request.urlopen(f"{link}?answer=accepted").read().decode()
    print("Harbour v Hill" in page, engine.statistics(league)["rsvp"]["accepted"])
    # The button of the page sends its form back.
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    urllib.request.urlopen(link, urlencode({**form, "answer": "accepted"}).encode())
    print(engine.statistics(league)["rsvp"]["accepted"], "accepted")
    server.shutdown()

# It prints:
# True 0
# 1 accepted
