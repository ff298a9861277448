"""The skeleton of a warroom client: everything but the service.

Copy this file beside your own, subclass `Client`, write one method for each deed that your service can do (`chat_post` for
`chat.post`, and so on) and end your file with `main(MyClient())`. README.md beside this file explains the protocol.

Needs Python 3.8 and nothing else. Nothing but the protocol is ever written to stdout: use `log` or stderr.
"""

import inspect
import ipaddress
import json
import os
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PROTOCOL = 1
LONGEST_LINE = 1 << 20
MOST_ANSWER = 16 << 20


class Failure(Exception):
    """Why something could not be done; `kind` is what warroom acts on.

    transient: nothing has arrived, try again.  unknown: it may have arrived.  permanent: it will never work as it is.
    already_done: it was done before (give `remote`).  auth: nothing works until somebody mends the account.
    """

    def __init__(self, kind, message, retry_after=None, code="", remote="", link=None):
        super().__init__(message)
        self.fields = {"class": kind, "message": message, "code": code}
        if retry_after is not None:
            self.fields["retry_after_ms"] = int(retry_after * 1000)
        if kind == "already_done":
            self.fields.update(remote=remote, link=link)


class Act:
    """One deed that is asked for. `args` is what stands beside the deed's name, {} where there is nothing."""

    def __init__(self, message):
        deed = message.get("deed") or {}
        inner = next(iter(deed.values()), {}) if isinstance(deed, dict) else {}
        self.args = next(iter(inner.values()), {}) if isinstance(inner, dict) else {}
        self.op_id, self.name = message.get("op_id", ""), message.get("name", "")
        self.place, self.other = message.get("place"), message.get("other")
        self.title, self.body = message.get("title", ""), message.get("body", "")
        self.drill, self.attempted_at = bool(message.get("drill")), message.get("attempted_at")

    def text(self):
        """Title and body as one text."""
        return "\n\n".join(part for part in (self.title, self.body) if part)


class Client:
    name, version, service = "", "1", "chat"
    idempotency = {}  # deed name -> "native" or "lookup"; what is not named is done twice when it is asked for twice
    text_limit = None  # characters of title and body together

    def configure(self, account, options, secrets, drill, ca):
        """Keeps what the settings say, or raises Failure. With options["check"] nothing outside may be touched."""

    def find(self, act):
        """{"found": {"remote": …}}, {"missing": True} if it would certainly be seen, else {"unclear": "why"}."""
        return {"unclear": "this client keeps no record"}

    def probe(self):
        """A list of {"what", "works", "says", "hint"}, found out by really asking."""
        return []

    # A subclass may have: pull(since) -> {"events": […], "cursor": …}, listen(since) and acked(cursor), directory() -> {…}.

    def capabilities(self):
        deeds = [name for name, _ in inspect.getmembers(self, callable) if name.split("_")[0] in ("chat", "page", "ticket")]
        extra = [name for name in ("pull", "listen", "directory") if hasattr(self, name)]
        return [name.replace("_", ".", 1) for name in deeds] + extra

    def left(self):
        """Seconds until the answer to this call must be there."""
        return max(0.1, getattr(_own, "deadline", time.monotonic() + 10) - time.monotonic())


_out = threading.Lock()
_own = threading.local()  # the deadline of a call is no other thread's


def say(message):
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    with _out:
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


def log(text):
    """For whoever looks for what is wrong. Never log a secret."""
    say({"log": {"level": "info", "text": str(text)}})


def main(client):
    if os.environ.get("WARROOM_CLIENT") != "1":
        print(inspect.getdoc(inspect.getmodule(type(client))) or client.name)
        print("\nwarroom starts this program itself: see [client.NAME] in its settings, and `warroom client check`.")
        return
    for message in _lines():
        if "shutdown" in message:
            break
        answer = _take(client, message)
        if answer is not None:
            say(answer)
    sys.stdout.flush()
    os._exit(0)  # whatever another thread waits for


def _lines():
    while True:
        line = sys.stdin.buffer.readline(LONGEST_LINE + 2)
        if not line:
            return
        try:
            message = json.loads(line.decode("utf-8"))
            if isinstance(message, dict):
                yield message
        except ValueError:
            print("a line that is no JSON was passed over", file=sys.stderr)


def _take(client, message):
    if "hello" in message:
        return {"hello": {
            "protocol": PROTOCOL, "name": client.name, "version": client.version, "service": client.service,
            "capabilities": client.capabilities(), "idempotency": client.idempotency,
            "limits": {"text": client.text_limit, "calls": 1},
        }}
    if "configure" in message:
        return _guarded({}, lambda: _configure(client, message["configure"]))
    if "ack" in message:
        getattr(client, "acked", lambda cursor: None)(message["ack"].get("cursor"))
    if "id" in message:
        _own.deadline = time.monotonic() + message.get("deadline_ms", 10_000) / 1000 * 0.9
        return _guarded({"id": message["id"]}, lambda: _call(client, message))
    return None


def _configure(client, given):
    given = {key: given.get(key) for key in ("account", "options", "secrets", "drill", "ca")}
    client.configure(**given)
    return {"ready": {}}


def _call(client, message):
    call = message.get("call")
    if call == "deliver":
        act = Act(message)
        if act.name not in client.capabilities():
            raise Failure("permanent", "this client cannot %s" % act.name, code="unsupported")
        return {"ok": getattr(client, act.name.replace(".", "_"))(act) or {}}
    if call == "find":
        return client.find(Act(message))
    if call == "probe":
        return {"ok": {"probes": client.probe()}}
    if call in ("pull", "listen", "directory") and hasattr(client, call):
        return {"ok": (client.directory() if call == "directory" else getattr(client, call)(message)) or {}}
    raise Failure("permanent", "this client knows no call %r" % call, code="unsupported")


def _guarded(answer, work):
    try:
        return {**answer, **work()}
    except Failure as failure:
        return {**answer, "err": failure.fields}
    except Exception as error:  # a bug of ours: nobody knows how far it came
        return {**answer, "err": {"class": "unknown", "message": "%s: %s" % (type(error).__name__, error)}}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, {key.lower(): value for key, value in headers.items()}, body

    def json(self):
        try:
            value = json.loads(self.body)
            return value if isinstance(value, dict) else {}
        except ValueError:
            return {}

    def check(self, what):
        """Raises what a status means where the service has no better words."""
        if 200 <= self.status < 300:
            return self
        try:
            wait = float(self.headers.get("retry-after", ""))
        except ValueError:
            wait = None
        passing = self.status in (408, 425, 429) or (self.status == 503 and wait is not None)
        kind = ("auth" if self.status in (401, 403) else "transient" if passing
                else "unknown" if self.status >= 500 else "permanent")
        quoted = " ".join(self.body.decode("utf-8", "replace").split())[:200]
        raise Failure(kind, "%s answered %d: %s" % (what, self.status, quoted), wait, code=str(self.status))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # the token would go along


class Http:
    """https, or http to this machine alone; follows no redirect and repeats nothing."""

    def __init__(self, base, ca=None):
        self.base = base.rstrip("/")
        parts = urllib.parse.urlsplit(self.base)
        local = _is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise Failure("auth", "%s: use https (http is spoken to this machine alone)" % self.base)
        context = ssl.create_default_context()
        if ca:
            context.load_verify_locations(ca)
        handlers = [_NoRedirect(), urllib.request.HTTPSHandler(context=context)]
        self.opener = urllib.request.build_opener(*handlers, *([urllib.request.ProxyHandler({})] if local else []))

    def send(self, method, path, body=None, headers=None, timeout=10):
        """An `Answer` of any status, or a Failure that says whether it may have arrived."""
        request = urllib.request.Request(self.base + path, data=body, method=method, headers=headers or {})
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return Answer(answer.status, answer.headers, answer.read(MOST_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read(MOST_ANSWER))
        except urllib.error.URLError as error:
            never = isinstance(error.reason, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError))
            raise Failure("transient" if never else "unknown", "no answer: %s" % error.reason) from None
        except (OSError, ValueError) as error:
            raise Failure("unknown", "the connection broke: %s" % (error or type(error).__name__)) from None
        except Exception as error:  # http.client's own
            raise Failure("unknown", "no answer that can be read: %s" % type(error).__name__) from None


def _is_loopback(host):
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
