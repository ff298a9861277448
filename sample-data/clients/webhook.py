#!/usr/bin/env python3
"""A warroom client that tells any service of yours by one signed webhook.

[client.hook]
command = ["/path/to/webhook.py"]
service = "chat"
options = { url = "https://hooks.example.com/warroom" }
secrets = { key = { env = "WARROOM_HOOK_KEY" } }     # signs what is sent
drill = "https://hooks.example.com/drills"           # where drills go

Each deed is one POST of JSON:
  {"op_id", "deed", "args", "place", "other", "title", "body", "drill"}
  Idempotency-Key: the op id, the same for every attempt: what is known already must not be done again
  X-Warroom-Timestamp: seconds since 1970; refuse what is older than five minutes
  X-Warroom-Signature: sha256=HMAC-SHA256(key, timestamp + "." + the body as it came), in hex

2xx means done. A JSON answer may have "id" (the channel, the message: later deeds name it) and "link"; without an "id" the op id
is it. "deed": "probe" asks whether anybody is there and must do nothing.
"""

import hashlib
import hmac
import json
import time

from warroom_client import Answer, Client, Failure, Http, main

DEEDS = ("open", "adopt", "topic", "bookmark", "invite", "post", "edit", "pin")


class Webhook(Client):
    name, service, text_limit = "webhook", "chat", 100_000
    # The receiver promises it: see Idempotency-Key.
    idempotency = {"chat." + deed: "native" for deed in DEEDS}

    def configure(self, account, options, secrets, drill, ca):
        self.dry = bool(options.get("check"))
        self.key = secrets.get("key", "")
        if self.dry:
            self.usual = self.drills = Rehearsal()
            return
        if not options.get("url"):
            raise Failure("auth", 'no address: set options = { url = "https://…" }')
        if len(self.key) < 16:
            raise Failure("auth", "no key, or one shorter than 16 characters: set secrets.key, and the same at the receiver")
        self.usual = Http(options["url"], ca)
        self.drills = Http(drill, ca) if drill else None

    def tell(self, op_id, drill, **message):
        body = json.dumps({"op_id": op_id, "drill": drill, **message}, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(self.key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json", "User-Agent": "warroom-webhook/" + self.version, "Idempotency-Key": op_id,
            "X-Warroom-Timestamp": stamp, "X-Warroom-Signature": "sha256=" + signature,
        }
        to = self.drills if drill else self.usual
        if to is None:
            raise Failure("permanent", "there is no address for drills: set drill")
        return to.send("POST", "", body, headers, self.left()).check("the webhook")

    def deliver(self, act):
        answer = self.tell(act.op_id, act.drill, deed=act.name, args=act.args, place=act.place, other=act.other,
                           title=act.title, body=act.body).json()
        named = act.args.get("channel") if act.name == "chat.adopt" else None
        return {"remote": str(answer.get("id") or named or act.op_id), "link": answer.get("link")}

    chat_open = chat_adopt = chat_topic = chat_bookmark = chat_invite = chat_post = chat_edit = chat_pin = deliver

    def find(self, act):
        return {"unclear": "a webhook cannot be asked; the receiver knows the op id when it comes again"}

    def probe(self):
        try:
            self.tell("probe-%d" % time.time(), False, deed="probe")
        except Failure as failure:
            hint = "the receiver must answer 2xx to a signed POST; is the key the same there?"
            return [{"what": "webhook", "works": False, "says": str(failure), "hint": hint}]
        return [{"what": "webhook", "works": True, "says": "it took a signed probe"}]


class Rehearsal:
    """Stands for the receiver where nothing outside may be touched."""

    def __init__(self):
        self.known = {}

    def send(self, method, path, body, headers, timeout):
        remote = self.known.setdefault(headers["Idempotency-Key"], "dry-%d" % (len(self.known) + 1))
        return Answer(200, {}, json.dumps({"id": remote}).encode())


if __name__ == "__main__":
    main(Webhook())
