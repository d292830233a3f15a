"""A server that checks signatures with botocore, and bodies and times by itself: 200 or 403."""

import datetime
import hashlib
import hmac
import http.server
import sys
import urllib.parse

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SECRETS = {"AKTEST": "SKTEST"}
CLOCK_SKEW = datetime.timedelta(minutes=15)


class Refused(Exception):
    """Why a request is not let in."""


class Claim:
    """What a request says about its signature, in headers or in the URL."""

    def __init__(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        self.path, self.headers = url.path, handler.headers
        self.params = urllib.parse.parse_qsl(url.query, keep_blank_values=True)
        query = dict(self.params)
        self.in_url = "X-Amz-Signature" in query
        if self.in_url:
            self.params = [pair for pair in self.params if pair[0] != "X-Amz-Signature"]
            fields = [query[f"X-Amz-{name}"] for name in ("Credential", "SignedHeaders", "Signature")]
            self.date, self.expires = query["X-Amz-Date"], int(query["X-Amz-Expires"])
        else:
            value = self.headers.get("Authorization", "")
            if not value.startswith("AWS4-HMAC-SHA256 "):
                raise Refused("no signature")
            pairs = dict(part.strip().split("=", 1) for part in value.split(" ", 1)[1].split(","))
            fields = [pairs[name] for name in ("Credential", "SignedHeaders", "Signature")]
            self.date, self.expires = self.headers["x-amz-date"], None
        credential, signed, self.signature = fields
        self.key, self.day, self.region, self.service, _ = credential.split("/")
        self.signed = signed.split(";")
        if self.key not in SECRETS:
            raise Refused("unknown key")

    def check_time(self):
        moment = datetime.datetime.strptime(self.date, "%Y%m%dT%H%M%SZ")
        age = datetime.datetime.utcnow() - moment
        limit = CLOCK_SKEW if self.expires is None else datetime.timedelta(seconds=self.expires)
        if age > limit or -age > CLOCK_SKEW or self.day != self.date[:8]:
            raise Refused("the time is wrong")

    def check_signature(self, method):
        of_s3 = self.service == "s3"
        kind = (
            (auth.S3SigV4QueryAuth if of_s3 else auth.SigV4QueryAuth)
            if self.in_url
            else (auth.S3SigV4Auth if of_s3 else auth.SigV4Auth)
        )
        signer = kind(Credentials(self.key, SECRETS[self.key]), self.service, self.region)
        path = self.path
        if of_s3:
            path = urllib.parse.quote(urllib.parse.unquote_to_bytes(path), safe="/~")
        request = AWSRequest(method, f"http://{self.headers['host']}{path}", params=self.params)
        for name in self.signed:
            request.headers[name] = ",".join(self.headers.get_all(name))
        request.context["timestamp"] = self.date
        canonical = signer.canonical_request(request)
        wanted = signer.signature(signer.string_to_sign(request, canonical), request)
        if wanted != self.signature:
            raise Refused("another canonical request:\n" + canonical)

    def check_body(self, body):
        said = self.headers.get("x-amz-content-sha256")
        if said in (None, "UNSIGNED-PAYLOAD"):
            return
        if said == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
            return self.check_chunks(body)
        if said != hashlib.sha256(body).hexdigest():
            raise Refused("another body")

    def check_chunks(self, body):
        scope = f"{self.day}/{self.region}/{self.service}/aws4_request"
        key = b"AWS4" + SECRETS[self.key].encode()
        for word in scope.split("/"):
            key = hmac.new(key, word.encode(), hashlib.sha256).digest()
        before, decoded = self.signature, 0
        while True:
            line, rest = body.split(b"\r\n", 1)
            size, signature = line.decode().split(";chunk-signature=")
            chunk, end, body = rest[: int(size, 16)], rest[int(size, 16) :][:2], rest[int(size, 16) + 2 :]
            hashes = hashlib.sha256(b"").hexdigest(), hashlib.sha256(chunk).hexdigest()
            text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", self.date, scope, before, *hashes])
            before = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
            if before != signature or end != b"\r\n":
                raise Refused("another chunk")
            decoded += len(chunk)
            if not chunk:
                break
        if body or decoded != int(self.headers["x-amz-decoded-content-length"]):
            raise Refused("another length")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            claim = Claim(self)
            claim.check_time()
            claim.check_signature(self.command)
            claim.check_body(body)
            status, text = 200, "right"
        except (Refused, KeyError, ValueError) as why:
            status, text = 403, f"{type(why).__name__}: {why}"
        answer = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
