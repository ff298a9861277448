"""A homeserver in memory, for `warroom client check`: the few calls of matrix.py, and nothing outside is touched."""

import json
import threading
import time
from urllib.parse import parse_qs, unquote, urlsplit

from warroom_client import Answer

ME = "@warroom:dry.example"


class Homeserver:
    def __init__(self):
        self.events, self.state, self.aliases, self.sent = [], {}, {}, {}
        self.news = threading.Condition()

    def send(self, method, path, body, headers, timeout):
        parts = urlsplit(path)
        words = [unquote(word) for word in parts.path.split("/")[4:]]
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        with self.news:
            status, said = self.take(method, words, json.loads(body or b"{}"), query)
        return Answer(status, {}, json.dumps(said).encode())

    def take(self, method, words, body, query):
        if words == ["account", "whoami"]:
            return 200, {"user_id": ME}
        if words == ["createRoom"]:
            return self.create(body)
        if words[:2] == ["directory", "room"]:
            room = self.aliases.get(words[2])
            return (200, {"room_id": room}) if room else (404, {"errcode": "M_NOT_FOUND", "error": "no such alias"})
        if words[0] == "join":
            return 200, {"room_id": words[1] if words[1].startswith("!") else self.aliases.setdefault(words[1], "!%s" % words[1][1:])}
        if words[0] == "sync":
            return self.sync(query)
        room, kind = words[1], words[2]
        if kind == "send":
            return 200, {"event_id": self.once(room, words[3], words[4], body)}
        if kind == "state" and method == "PUT":
            self.state[(room, words[3], words[4])] = body
            return 200, {"event_id": self.put(room, words[3], body)}
        if kind == "state":
            found = self.state.get((room, words[3], words[4]))
            return (200, found) if found is not None else (404, {"errcode": "M_NOT_FOUND", "error": "no such state"})
        if kind == "invite":
            self.state[(room, "m.room.member", body["user_id"])] = {"membership": "invite"}
            return 200, {}
        if kind == "messages":
            return 200, {"chunk": [event for event in self.events if event["room_id"] == room][::-1][:100]}
        return 404, {"errcode": "M_UNRECOGNIZED", "error": "not rehearsed"}

    def create(self, body):
        alias = "#%s:dry.example" % body["room_alias_name"]
        if alias in self.aliases:
            return 400, {"errcode": "M_ROOM_IN_USE", "error": "the alias is taken"}
        room = self.aliases[alias] = "!%d:dry.example" % (len(self.aliases) + 1)
        for event in body["initial_state"]:
            self.state[(room, event["type"], event["state_key"])] = event["content"]
        return 200, {"room_id": room}

    def once(self, room, kind, txn, content):
        if (room, txn) not in self.sent:
            self.sent[(room, txn)] = self.put(room, kind, content, {"transaction_id": txn})
        return self.sent[(room, txn)]

    def put(self, room, kind, content, unsigned=None):
        event = {"event_id": "$%d" % (len(self.events) + 1), "room_id": room, "type": kind, "sender": ME, "content": content,
                 "origin_server_ts": int(time.time() * 1000), "unsigned": unsigned or {}}
        self.events.append(event)
        self.news.notify_all()
        return event["event_id"]

    def sync(self, query):
        start = int(query.get("since", 0))
        self.news.wait_for(lambda: len(self.events) > start, int(query["timeout"]) / 1000)
        rooms = json.loads(query["filter"])["room"]["rooms"]
        join = {room: {"timeline": {"events": [event for event in self.events[start:] if event["room_id"] == room]}} for room in rooms}
        return 200, {"next_batch": str(len(self.events)), "rooms": {"join": join}}
