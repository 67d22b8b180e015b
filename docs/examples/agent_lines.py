#!/usr/bin/env python3
"""The small agent of agent.py once more, for whom OpsLab speaks to the gate: no key, no network, one JSON object a line.

    ./opslab scenario run db-lock --agent "exec:/usr/bin/python3 docs/examples/agent_lines.py"

The same agent as a server, to which each message comes as a POST and whose answer is its next call:

    python3 docs/examples/agent_lines.py --serve 9000 &
    ./opslab scenario run db-lock --agent http://127.0.0.1:9000/

Standard library only. What it writes to standard error is kept beside the run's report.
"""
import http.server
import json
import sys
import time

MOVING = {"pending", "running", "verifying"}


def read(*queries):
    return {"call": "read", "body": {"reads": list(queries)}}


def agent(incident):
    """Yields one call after another and is sent the answer of each."""
    databases = [c["name"] for c in incident["view"]["components"] if c["kind"] == "postgres"]
    for look in range(15):
        for name in databases:
            waiting, root = yield read({"read": "pg.blockers", "component": name},
                                       {"read": "pg.root_blocker", "component": name})
            fields = root.get("fields", {})
            if waiting["status"] == "ok" and (waiting["value"] or 0) >= 1 and (fields.get("xact_age") or 0) > 2:
                seen = [answer["evidence"] for answer in (waiting, root)]
                return (yield from repair(name, fields.get("owner", "somebody"), seen))
        time.sleep(1)
    yield {"call": "escalate", "body": {"reason": "no session waits for a forgotten one; I know nothing else"}}


def repair(database, owner, seen):
    yield {"call": "diagnose", "body": {
        "component": database, "mechanism": "lock-contention", "confidence": "high",
        "statement": f"sessions wait for one of {owner}", "evidence": seen}}
    step = {"action": "terminate-sessions", "parameters": {"component": database, "which": "blocker"}}
    for attempt in range(2):  # a person may say no once and mean "look again"
        receipt = yield {"call": "propose", "body": {
            "summary": f"end the session that {database}'s others wait for", "evidence": seen,
            "options": [{"title": "end that session only", "why": "it rolls back by itself", "steps": [step]}]}}
        state = "pending"
        while state in MOVING:
            outcome = yield {"call": "outcome", "body": {"proposal": receipt["proposal"], "wait": 20}}
            state = outcome["state"]
        if state != "denied":
            break
    if state != "recovered":
        yield {"call": "escalate", "body": {"reason": f"the repair ended as {state}", "evidence": seen}}


class Talk:
    """Turns messages into calls; an agent that is refused says so and hands over."""

    def __init__(self):
        self.work = None

    def next(self, message):
        if "over" in message:
            return None
        try:
            if "incident" in message:
                self.work = agent(message["incident"])
                return next(self.work)
            if "error" in message:
                print("refused:", message["error"], file=sys.stderr)
                return {"call": "done"}
            return self.work.send(message["answer"])
        except StopIteration:
            return {"call": "done"}


def lines():
    talk = Talk()
    for line in sys.stdin:
        call = talk.next(json.loads(line))
        if call:
            print(json.dumps(call), flush=True)


def serve(port):
    talks = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            call = talks.setdefault(body["session"], Talk()).next(body["message"])
            answer = json.dumps(call).encode() if call else b""
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[2])) if sys.argv[1:2] == ["--serve"] else lines()
