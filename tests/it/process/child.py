"""A client for the tests, written from the protocol alone. Its argument says in which way it breaks a promise.

A body that is a JSON object is answered as it stands, beside the call's number.
"""

import json
import os
import subprocess
import sys
import time

MODE = sys.argv[1] if len(sys.argv) > 1 else "good"
NATIVE, LOOKUP = ["chat.post", "chat.topic"], ["chat.open"]
CAN = ["chat.open", "chat.post", "chat.edit", "chat.topic", "pull", "listen", "directory"]
known, posts, given, counter = {}, [], {}, [0]
told, kept, hears = [0], [0], [False]


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def hello():
    say({"hello": {
        "protocol": 2 if MODE == "protocol" else 1, "name": "child", "version": "7",
        "service": "paging" if MODE == "paging" else "chat", "mood": "unknown to you",
        "capabilities": CAN + (["chat.psot"] if MODE == "misspelt" else []) if MODE != "asked" else ["chat.post", "pull"],
        "idempotency": {**{name: "native" for name in NATIVE}, **{name: "lookup" for name in LOOKUP}, "chat.edit": "none"},
        "limits": {"text": 600000, "calls": 4 if MODE == "four" else 1},
    }})


def configure(message):
    given.update(message)
    if MODE == "refuses":
        return say({"err": {"class": "auth", "message": "the token %s is not valid" % message["secrets"].get("token")}})
    say({"ready": {}})


def deliver(message):
    if MODE == "garbage":
        print("Traceback or greetings, but no protocol", flush=True)
    if MODE == "not-utf8":
        sys.stdout.buffer.write(b'{"id":\xff}\n')
        sys.stdout.buffer.flush()
    if MODE == "long":
        print(json.dumps({"id": message["id"], "ok": {"remote": "x" * (1 << 21)}}), flush=True)
    if MODE == "late":
        time.sleep(30)
    if MODE == "dies" or (MODE == "dies-once" and not os.path.exists(sys.argv[2])):
        if MODE == "dies-once":
            open(sys.argv[2], "w").close()
        print("KeyError: 'the reason, %s'" % given["secrets"].get("token"), file=sys.stderr, flush=True)
        os._exit(3)
    if MODE == "leaks":
        say({"log": {"level": "info", "text": "using " + given["secrets"]["token"]}})
    if MODE == "leaks-errors":
        print("using " + given["secrets"]["token"], file=sys.stderr, flush=True)
    if MODE == "leaks-arguments":
        subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(30)", given["secrets"]["token"]], stdout=subprocess.DEVNULL)
    if MODE == "grandchild":
        child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(300)"])
        return {"ok": {"remote": "%d %d" % (os.getpid(), child.pid)}}
    if MODE == "environment":
        return {"ok": {"remote": " ".join(sorted(os.environ)) + " | " + " ".join(sys.argv) + " | " + os.getcwd()}}
    if MODE == "echo":
        return {"ok": {"remote": json.dumps({key: message[key] for key in ("deed", "title", "body", "drill")})}}
    if MODE == "unnamed":
        return {"ok": {}}
    op = message["op_id"]
    if MODE == "forgets" or op not in known or message["name"] == "chat.edit":
        counter[0] += 1
        known[op] = "m%d" % counter[0]
        if message["name"] == "chat.post":
            posts.append((known[op], op, message["body"]))
    return {"ok": {"remote": known[op], "link": "https://chat.example.com/" + known[op]}}


def find(message):
    if MODE == "guesses":
        return {"found": {"remote": "m1"}}
    if MODE == "blind":
        return {"missing": True}
    found = known.get(message["op_id"])
    return {"found": {"remote": found}} if found else {"missing": True}


def event(number):
    remote, op, body = posts[number]
    return {"remote": remote, "at": "2026-11-02T03:04:05Z", "author": {"remote": "U1", "name": "Ann\u001b[31m"},
            "echo_of": op, "what": {"said": {"text": body}}, "mood": "unknown to you"}


def events(start):
    start = 0 if MODE == "retells" else start
    return {"events": [event(number) for number in range(start, len(posts))], "cursor": str(len(posts)), "more": False}


def call(message):
    name = message.get("call")
    try:
        scripted = json.loads(message.get("body") or "")
        if isinstance(scripted, dict) and name in ("deliver", "find"):
            return scripted
    except ValueError:
        pass
    known_deed = message.get("name") in CAN or MODE == "does-anything"
    if name == "deliver" and known_deed:
        return deliver(message)
    if name == "find" and known_deed:
        return find(message)
    if name == "probe":
        return {"ok": {"probes": [{"what": "token", "works": True, "says": "it works \u001b[2J"}]}}
    if name == "directory":
        return {"ok": {"people": [{"remote": "U1", "name": "Ann\nLee"}]}}
    if name == "pull":
        return {"ok": events(int(message.get("cursor") or 0))}
    if name == "listen":
        hears[0], told[0] = True, int(message.get("cursor") or 0)
        return {"ok": {}}
    if MODE == "unknown-ok":
        return {"ok": {}}
    return {"err": {"class": "permanent", "code": "unsupported", "message": "what is %s?" % name}}


def tell():
    if MODE == "floods" and hears[0]:
        for number in range(200):
            say({"events": [], "cursor": str(number)})
    if hears[0] and told[0] < len(posts) and MODE != "mute":
        say(events(told[0]))
        told[0] = 0 if MODE == "retells" else len(posts)


def main():
    if os.environ.get("WARROOM_CLIENT") != "1" and MODE != "speaks-to-anybody":
        print(__doc__)
        return
    if os.environ.get("WARROOM_CLIENT") != "1":
        time.sleep(30)
    if MODE == "locks":
        os.open(sys.argv[2], os.O_CREAT | os.O_EXCL)
    while True:
        line = sys.stdin.readline(65536 if MODE == "short" else -1)
        if not line:
            break
        if MODE == "strict" and ("colour" in line or "weather" in line):
            sys.exit("a field that I do not know")
        if MODE == "fragile":
            message = json.loads(line)
        try:
            message = json.loads(line)
            if not isinstance(message, dict):
                continue
        except ValueError:
            continue
        if "hello" in message:
            if MODE == "silent":
                with open(sys.argv[2], "w") as file:
                    file.write(str(os.getpid()))
                time.sleep(300)
            hello()
        elif "configure" in message:
            configure(message["configure"])
        elif "ack" in message:
            kept[0] = message["ack"]["cursor"]
            print("kept %s" % kept[0], file=sys.stderr, flush=True)
        elif "shutdown" in message and MODE != "deaf":
            break
        elif "id" in message:
            answer = call(message)
            say({"id": message["id"], **answer})
            tell()
    if MODE == "deaf":
        time.sleep(300)
    if MODE == "locks":
        os.unlink(sys.argv[2])


main()
