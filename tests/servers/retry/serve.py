"""A server that fails at first and says when to come again: one story for each `X-ID`, told in every answer.

An answer lists the tries so far: when each came, and before when the next one must not, on this server's own clock.
"""

import http.server
import json
import sys
import threading
import time
import urllib.parse
from email.utils import formatdate

FAILURES = {"/retry_after_duration": (503, 2), "/retry_after_date": (503, 1), "/retry_502": (502, 3)}

stories, lock = {}, threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        name = self.headers.get("X-ID")
        if name is None or (url.path != "/ping" and url.path not in FAILURES):
            return self.answer(400, {"wanted": "X-ID, and one of " + ", ".join(FAILURES)})
        seconds = int(dict(urllib.parse.parse_qsl(url.query)).get("seconds", 1))
        status, failures = FAILURES.get(url.path, (200, 0))
        now = time.time()
        with lock:
            story = stories.setdefault((name, url.path), [])
            story.append({"came": now, "not_before": now})
            failed = len(story) <= failures
            headers = self.wait(url.path, now, seconds, story[-1]) if failed else {}
            told = {"tries": [dict(one) for one in story]}
        self.answer(status if failed else 200, told, headers)

    def wait(self, path, now, seconds, one):
        if path == "/retry_after_duration":
            one["not_before"] = now + seconds
            return {"Retry-After": str(seconds)}
        if path == "/retry_after_date":
            # HTTP dates are whole seconds, and the next whole second is sooner than one second.
            one["not_before"] = int(now) + seconds
            return {"Retry-After": formatdate(one["not_before"], usegmt=True)}
        return {}

    def answer(self, status, value, headers={}):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
