#!/usr/bin/env python3
"""A warroom client for Matrix (client-server API, v3), unencrypted rooms.

[client.matrix]
command = ["/path/to/matrix.py"]
service = "chat"
options = { homeserver = "https://matrix.example.com" }
secrets = { token = { env = "WARROOM_MATRIX_TOKEN" } }   # the access token of an account of its own
drill = "!room:example.com"                              # the room of all drills, by id

A post's transaction id is its op id, so that the homeserver makes one message of it however often it is sent; the op id stands in
the content too, for the day on which the homeserver has forgotten it. People are invited by their Matrix id.
listen: "all" tells every message; "pinned" (and "emoji") what somebody pins.
"""

import datetime
import json
import threading
from urllib.parse import quote, urlencode

from warroom_client import Client, Failure, Http, log, main, say

API = "/_matrix/client/v3"
OP = "dev.warroom.op_id"  # in content, and the type of the state that says whose a room is
MOST_PAGES = 20


class Matrix(Client):
    name, service, text_limit = "matrix", "chat", 20_000  # an event has at most 65,536 bytes
    idempotency = {"chat.open": "lookup", "chat.adopt": "native", "chat.topic": "native", "chat.invite": "native",
                   "chat.post": "native", "chat.edit": "native", "chat.pin": "native"}

    def configure(self, account, options, secrets, drill, ca):
        self.drill_room, self.token, self.user = drill, secrets.get("token", ""), None
        self.round, self.kept = 0, threading.Condition()
        if options.get("check"):
            from matrix_rehearsal import Homeserver
            self.http = Homeserver()
        elif not options.get("homeserver"):
            raise Failure("auth", 'no homeserver: set options = { homeserver = "https://…" }')
        elif not self.token:
            raise Failure("auth", "no access token: set secrets.token")
        else:
            self.http = Http(options["homeserver"], ca)

    def ask(self, method, path, body=None, within=None, **query):
        path = API + path + ("?" + urlencode(query) if query else "")
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        answer = self.http.send(method, path, data, headers, within or self.left())
        said = answer.json()
        code = said.get("errcode", "")
        if code == "M_LIMIT_EXCEEDED" and "retry-after" not in answer.headers:
            raise Failure("transient", "the homeserver is asked too often", said.get("retry_after_ms", 1000) / 1000, code)
        if answer.status == 403 and code in ("M_FORBIDDEN", ""):
            raise Failure("permanent", "not allowed: %s; give the account the right in the room" % said.get("error", ""), code=code)
        if answer.status >= 400 and code:
            kind = "auth" if answer.status == 401 else "unknown" if answer.status >= 500 else "permanent"
            if answer.status not in (429, 503):
                raise Failure(kind, "the homeserver answered %s: %s" % (code, said.get("error", "")), code=code)
        return answer.check("the homeserver").json()

    def state(self, room, kind, key="", default=None):
        try:
            return self.ask("GET", "/rooms/%s/state/%s/%s" % (quote(room, ""), kind, quote(key, "")))
        except Failure as failure:
            if failure.fields["code"] == "M_NOT_FOUND":
                return default
            raise

    def me(self):
        self.user = self.user or self.ask("GET", "/account/whoami")["user_id"]
        return self.user

    def at(self, alias):
        """The room of an alias; None: there is none."""
        try:
            return self.ask("GET", "/directory/room/" + quote(alias, ""))["room_id"]
        except Failure as failure:
            if failure.fields["code"] == "M_NOT_FOUND":
                return None
            raise

    def done(self, room, event=None):
        return {"remote": event or room, "link": "https://matrix.to/#/" + "/".join(quote(part, "") for part in (room, event) if part)}

    # What is done.

    def ours(self, act):
        """The room that this deed opened before; raises where another room has its name."""
        room = self.at("#%s:%s" % (act.args["name"], self.me().split(":", 1)[1]))
        if room and (self.state(room, OP) or {}).get("op_id") != act.op_id:
            raise Failure("permanent", "another room has the name %s: adopt it, or open one under another name" % act.args["name"])
        return room

    def chat_open(self, act):
        if act.drill:
            return self.done(self.drill_room)
        visible = "private_chat" if act.args.get("private") else "public_chat"
        try:
            room = self.ask("POST", "/createRoom", {
                "name": act.title or act.args["name"], "room_alias_name": act.args["name"], "preset": visible,
                "initial_state": [{"type": OP, "state_key": "", "content": {"op_id": act.op_id}}],
            })["room_id"]
        except Failure as failure:
            if failure.fields["code"] != "M_ROOM_IN_USE":
                raise
            room = self.ours(act)
        return self.done(room)

    def chat_adopt(self, act):
        return self.done(self.ask("POST", "/join/" + quote(act.args["channel"], ""), {})["room_id"])

    def chat_topic(self, act):
        self.ask("PUT", "/rooms/%s/state/m.room.topic/" % quote(act.place, ""), {"topic": act.body})
        return self.done(act.place)

    def chat_invite(self, act):
        nameless = [who["id"] for who in act.args["who"] if not who.get("remote")]
        for user in [who["remote"] for who in act.args["who"] if who.get("remote")]:
            there = self.state(act.place, "m.room.member", user, {}).get("membership")
            if there not in ("join", "invite"):
                self.ask("POST", "/rooms/%s/invite" % quote(act.place, ""), {"user_id": user})
        if nameless:
            raise Failure("permanent", "no Matrix id is known of %s: invite them by hand" % ", ".join(nameless))
        return self.done(act.place)

    def write(self, act, room, content):
        # An empty m.mentions says that nobody is mentioned, whatever the words are; without a format they are plain text.
        content = {"msgtype": "m.text", "m.mentions": {}, OP: act.op_id, **content}
        path = "/rooms/%s/send/m.room.message/%s" % (quote(room, ""), quote(act.op_id, ""))
        return self.done(room, self.ask("PUT", path, content)["event_id"])

    def chat_post(self, act):
        content, thread = {"body": act.text()}, act.args.get("thread")
        if thread:
            content["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread}
        return self.write(act, self.room(act), content)

    def room(self, act):
        to = act.args.get("to") or act.place
        found = self.at(to) if to.startswith("#") else to
        if not found:
            raise Failure("permanent", "there is no room %s: put the audience's room right" % to)
        return found

    def chat_edit(self, act):
        new = {"msgtype": "m.text", "body": act.text(), "m.mentions": {}, OP: act.op_id}
        return self.write(act, act.place, {
            "body": "* " + act.text(), "m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": act.other},
        })

    def chat_pin(self, act):
        pinned = (self.state(act.place, "m.room.pinned_events") or {}).get("pinned", [])
        if act.other not in pinned:
            self.ask("PUT", "/rooms/%s/state/m.room.pinned_events/" % quote(act.place, ""), {"pinned": pinned + [act.other]})
        return self.done(act.place, act.other)

    def find(self, act):
        if act.name == "chat.open" and not act.drill:
            room = self.ours(act)
            return {"found": self.done(room)} if room else {"missing": True}
        if act.name not in ("chat.post", "chat.edit"):
            return {"unclear": "it is safe to do again"}
        room = self.room(act)
        recent = self.ask("GET", "/rooms/%s/messages" % quote(room, ""), dir="b", limit=100).get("chunk", [])
        own = [event for event in recent if event.get("sender") == self.me() and event.get("content", {}).get(OP) == act.op_id]
        return {"found": self.done(room, own[0]["event_id"])} if own else {"unclear": "not among the latest hundred events"}

    def probe(self):
        try:
            return [{"what": "token", "works": True, "says": "it belongs to %s" % self.me()}]
        except Failure as failure:
            return [{"what": "token", "works": False, "says": str(failure), "hint": "make a new access token for the account"}]

    # What is heard.

    def sync(self, since, cursor, wait):
        """What happened after the cursor, as events of the protocol, and the next cursor."""
        rooms = rooms_of(since)
        if not rooms:
            return [], cursor
        only = {"presence": {"types": []}, "account_data": {"types": []},
                "room": {"rooms": rooms, "ephemeral": {"types": []}, "timeline": {"limit": 100}}}
        query = {"filter": json.dumps(only), "timeout": int(wait * 1000), **({"since": cursor} if cursor else {})}
        got = self.ask("GET", "/sync", within=wait + 10, **query)
        events = []
        for room in rooms:
            timeline = got.get("rooms", {}).get("join", {}).get(room, {}).get("timeline", {})
            new = timeline.get("events", [])
            if cursor and timeline.get("limited"):
                new = self.gap(room, timeline.get("prev_batch"), cursor) + new
            for event in new:
                try:
                    events += self.told(room, event, since)
                except (AttributeError, KeyError, TypeError) as error:  # anybody may send an event of any shape
                    log("an event that cannot be read was passed over: %r" % error)
        return events, got.get("next_batch", cursor)

    def gap(self, room, start, end):
        """What a limited answer has left out, oldest first."""
        events = []
        for _ in range(MOST_PAGES):
            page = self.ask("GET", "/rooms/%s/messages" % quote(room, ""), dir="b", limit=100, **{"from": start, "to": end})
            events, start = page.get("chunk", [])[::-1] + events, page.get("end")
            if not start or not page.get("chunk"):
                return events
        log("more than %d pages of messages were missed" % MOST_PAGES)
        return events

    def told(self, room, event, since):
        content, relates = event.get("content", {}), event.get("content", {}).get("m.relates_to", {})
        if not isinstance(relates, dict) or time_of(event) < since.get("since", ""):
            return
        if event.get("type") == "m.room.pinned_events" and since.get("listen") in ("pinned", "emoji"):
            before = event.get("unsigned", {}).get("prev_content", {}).get("pinned", [])
            for pinned in [one for one in content.get("pinned", []) if one not in before]:
                yield from self.told(room, self.ask("GET", "/rooms/%s/event/%s" % (quote(room, ""), quote(pinned, ""))),
                                     {**since, "listen": "all", "since": ""})
        if since.get("listen") not in (None, "all"):
            return
        if event.get("type") == "m.room.redaction":
            yield self.news(room, event, {"deleted": {"of": event.get("redacts") or content.get("redacts", "")}})
        elif event.get("type") == "m.room.message" and relates.get("rel_type") == "m.replace":
            text = content.get("m.new_content", {}).get("body", "")
            yield self.news(room, event, {"edited": {"of": relates.get("event_id", ""), "text": text}})
        elif event.get("type") == "m.room.message" and "body" in content:
            yield self.news(room, event, {"said": {"text": str(content["body"])}})

    def news(self, room, event, what):
        own = event.get("sender") == self.me()  # nobody else can pass for us by writing the field
        echo = (event.get("unsigned", {}).get("transaction_id") or event.get("content", {}).get(OP)) if own else None
        name = event["sender"].split(":", 1)[0].lstrip("@")
        return {"remote": event["event_id"], "at": time_of(event), "author": {"remote": event["sender"], "name": name, "bot": own},
                "link": self.done(room, event["event_id"])["link"], "echo_of": echo, "what": what}

    def pull(self, since):
        events, cursor = self.sync(since, since.get("cursor"), 0)
        return {"events": events, "cursor": cursor}

    def listen(self, since):
        with self.kept:
            self.round += 1
            self.kept.notify_all()
        threading.Thread(target=self.follow, args=(since, self.round), daemon=True).start()

    def acked(self, cursor):
        with self.kept:
            self.last_kept = cursor
            self.kept.notify_all()

    def follow(self, since, number):
        """Tells what happens until `listen` is asked for again; goes on only when the last of it is kept."""
        cursor = since.get("cursor")
        while self.round == number and rooms_of(since):
            try:
                events, after = self.sync(since, cursor, 25)
            except Exception as error:  # whatever it is, news must not end for ever
                log("sync: %s" % error)
                wait = getattr(error, "fields", {}).get("retry_after_ms", 5000) / 1000
                with self.kept:
                    self.kept.wait_for(lambda: self.round != number, wait)
                continue
            if events and self.round == number:
                say({"events": events, "cursor": after})
                with self.kept:
                    self.kept.wait_for(lambda: self.round != number or getattr(self, "last_kept", None) == after)
            cursor = after


def rooms_of(since):
    known = [] if since.get("listen") == "off" else since.get("places", [])
    return [place["remote"] for place in known if place.get("slot") == "channel"]


def time_of(event):
    at = datetime.datetime.fromtimestamp(event.get("origin_server_ts", 0) / 1000, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (at.microsecond // 1000)


if __name__ == "__main__":
    main(Matrix())
