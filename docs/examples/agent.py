#!/usr/bin/env python3
"""A small agent for OpsLab: one symptom, two explanations, one repair.

It waits for an incident, asks whether sessions of the database wait for one another, says what it found, and asks for
permission to end the session that all others wait for. Anything else it hands to a person. Standard library only.

    OPSLAB_GATE=http://127.0.0.1:8080 OPSLAB_AGENT_KEY=$(cat .opslab/default/secrets/key-agent) python3 docs/examples/agent.py

Set OPSLAB_ONCE=1 to stop after the first incident.
"""
import json
import os
import time
import urllib.error
import urllib.request

GATE = os.environ.get("OPSLAB_GATE", "http://127.0.0.1:8080")
MOVING = {"pending", "running", "verifying"}
ENDED = {"recovered", "done", "superseded", "unknown"}  # these end the incident by themselves


def call(key, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(GATE + path, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


class Incident:
    def __init__(self, host_key, summary):
        claim = {"agent": "example", "version": "1"}
        taken = call(host_key, "POST", f"/agent/incidents/{summary['id']}/claim", claim)
        self.key, self.path = taken["key"], f"/agent/incidents/{summary['id']}"
        self.view = taken["incident"]["view"]
        self.before = taken["incident"].get("proposals", [])  # what an agent before us asked

    def read(self, *queries):
        return call(self.key, "POST", f"{self.path}/reads", {"reads": list(queries)})["answers"]

    def say(self, kind, body):
        return call(self.key, "POST", f"{self.path}/{kind}", body)

    def outcome(self, proposal):
        while True:
            now = call(self.key, "GET", f"{self.path}/outcome?proposal={proposal}&wait=20")
            print("outcome:", now["state"], now.get("reason") or "")
            if now["state"] not in MOVING:
                return now["state"]


def find_blocker(incident, looks=15):
    """Looks once a second until some database's sessions wait for one that has been open for two seconds."""
    databases = [c["name"] for c in incident.view["components"] if c["kind"] == "postgres"]
    for _ in range(looks):
        for name in databases:
            waiting, root = incident.read({"read": "pg.blockers", "component": name},
                                          {"read": "pg.root_blocker", "component": name})
            fields = root.get("fields", {})
            is_blocked = waiting["status"] == "ok" and (waiting["value"] or 0) >= 1
            if is_blocked and (fields.get("xact_age") or 0) > 2 and fields.get("kind") not in ("migration", "maintenance"):
                return name, fields.get("owner", "somebody"), [a["evidence"] for a in (waiting, root)]
        time.sleep(1)
    return None


def work(incident):
    if incident.before and incident.before[-1]["state"] in MOVING:
        state = incident.outcome(incident.before[-1]["proposal"])
        if state in ENDED:
            return
    found = find_blocker(incident)
    if not found:
        return hand_over(incident, "no session waits for a forgotten one; I know nothing else")
    database, owner, seen = found
    incident.say("diagnosis", {
        "component": database, "mechanism": "lock-contention", "confidence": "high",
        "statement": f"sessions wait for one of {owner}", "evidence": seen,
        "ruled_out": [{"component": database, "mechanism": "process-down",
                       "because": "it answers reads", "evidence": seen}],
    })
    step = {"action": "terminate-sessions", "parameters": {"component": database, "which": "blocker"}}
    proposal = {
        "summary": f"end the session that {database}'s others wait for", "evidence": seen,
        "options": [{"title": "end that session only", "why": "it rolls back by itself", "steps": [step]}],
        "rejected": [{"action": "restart-db", "because": "it would end every session"}],
    }
    state = "denied"
    for _ in range(2):  # a person may say no once and mean "look again"
        if state == "denied":
            state = incident.outcome(incident.say("proposals", proposal)["proposal"])
    if state not in ENDED:
        hand_over(incident, f"the repair ended as {state}", seen)


def hand_over(incident, reason, evidence=()):
    incident.say("escalation", {"reason": reason, "evidence": list(evidence)})


def main():
    key = os.environ["OPSLAB_AGENT_KEY"]
    while True:
        for summary in call(key, "GET", "/agent/incidents?wait=20"):
            print("incident:", summary["id"], summary["title"])
            try:
                work(Incident(key, summary))
            except urllib.error.HTTPError as refusal:
                if refusal.code not in (401, 409):  # 409: somebody else has it, or our claim lapsed; 401: it ended
                    raise
                print("refused:", json.load(refusal).get("error"))
            if os.environ.get("OPSLAB_ONCE"):
                return


if __name__ == "__main__":
    main()
