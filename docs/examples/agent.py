#!/usr/bin/env python3
"""A small agent for OpsLab: one symptom, two explanations, one repair.

It waits for an incident, asks whether sessions of the database wait for one another, says what it found, and asks for
permission to end the session that all others wait for. Anything else it hands to a person. Standard library only.

    OPSLAB_GATE=http://127.0.0.1:8080 OPSLAB_AGENT_KEY=$(cat .opslab/default/secrets/key-agent) python3 agent.py
"""
import json
import os
import urllib.request

GATE = os.environ.get("OPSLAB_GATE", "http://127.0.0.1:8080")


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

    def read(self, name, component, selector=()):
        query = {"read": name, "component": component, "selector": list(selector)}
        return call(self.key, "POST", f"{self.path}/reads", {"reads": [query]})["answers"][0]

    def say(self, kind, body):
        return call(self.key, "POST", f"{self.path}/{kind}", body)

    def outcome(self, proposal):
        moving = {"pending", "approved", "running", "verifying"}
        while True:
            now = call(self.key, "GET", f"{self.path}/outcome?proposal={proposal}&wait=20")
            print("outcome:", now["state"], now.get("reason") or "")
            if now["state"] not in moving:
                return now


def work(incident):
    databases = [c["name"] for c in incident.view["components"] if c["kind"] == "postgres"]
    for database in databases:
        waiting = incident.read("pg.blockers", database)
        root = incident.read("pg.root_blocker", database)
        seen = [a["evidence"] for a in (waiting, root) if a.get("evidence")]
        is_blocked = waiting["status"] == "ok" and (waiting["value"] or 0) >= 1
        if not is_blocked:
            continue
        owner = root.get("fields", {}).get("owner", "somebody")
        incident.say("diagnosis", {
            "component": database, "mechanism": "lock-contention", "confidence": "high",
            "statement": f"sessions wait for one of {owner}", "evidence": seen, "citations": [],
            "ruled_out": [{"component": database, "mechanism": "process-down",
                           "because": "it answers reads", "evidence": seen}],
        })
        step = {"action": "terminate-sessions", "parameters": {"component": database, "which": "blocker"}}
        receipt = incident.say("proposals", {
            "summary": f"end the session that {database}'s others wait for", "evidence": seen,
            "options": [{"title": "end that session only", "why": "it rolls back by itself", "steps": [step]}],
            "rejected": [{"action": "restart-db", "because": "it would end every session"}],
        })
        if incident.outcome(receipt["proposal"])["state"] == "recovered":
            return
    incident.say("escalation", {"reason": "no session waits for another; I know nothing else", "found": [],
                                "ruled_out": [], "not_done": [], "evidence": []})


def main():
    key = os.environ["OPSLAB_AGENT_KEY"]
    while True:
        for summary in call(key, "GET", "/agent/incidents?wait=20"):
            print("incident:", summary["id"], summary["title"])
            work(Incident(key, summary))
            if os.environ.get("OPSLAB_ONCE"):
                return


if __name__ == "__main__":
    main()
