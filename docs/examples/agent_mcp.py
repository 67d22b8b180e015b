#!/usr/bin/env python3
"""The small agent of agent.py over the Model Context Protocol: one symptom, two explanations, one repair.

Needs the package `mcp` from PyPI, version 2 (pip install mcp), and a lab without the built-in agent.

    OPSLAB_GATE=http://127.0.0.1:8080 OPSLAB_AGENT_KEY=$(cat .opslab/default/secrets/key-agent) python3 docs/examples/agent_mcp.py

Set OPSLAB_ONCE=1 to stop after the first incident.
"""
import asyncio
import os

import httpx2
from mcp import Client, types
from mcp.client.streamable_http import streamable_http_client

GATE = os.environ.get("OPSLAB_GATE", "http://127.0.0.1:8080")
MOVING = {"pending", "running", "verifying"}
ENDED = {"recovered", "done", "superseded", "unknown"}  # these end the incident by themselves


class Refused(Exception):
    """The gate's code, sentence and hint."""

    def __init__(self, said):
        super().__init__(f"{said.get('code')}: {said.get('error')} ({said.get('hint', 'no hint')})")
        self.code = said.get("code")


class Gate:
    def __init__(self, client):
        self.client = client

    async def call(self, tool, **arguments):
        result = await self.client.call_tool(tool, arguments)
        if result.is_error:
            raise Refused(result.structured_content)
        return result.structured_content

    async def read(self, *questions):
        return (await self.call("read", reads=list(questions)))["answers"]

    async def outcome(self, proposal):
        while True:
            now = await self.call("outcome", proposal=proposal)
            print("outcome:", now["state"], now.get("reason") or "", flush=True)
            if now["state"] not in MOVING:
                return now["state"]


async def find_blocker(gate, view, looks=15):
    """Looks once a second until some database's sessions wait for one that has been open for two seconds."""
    databases = [c["name"] for c in view["components"] if c["kind"] == "postgres"]
    for _ in range(looks):
        for name in databases:
            waiting, root = await gate.read({"read": "pg.blockers", "component": name},
                                            {"read": "pg.root_blocker", "component": name})
            fields = root.get("fields", {})
            is_blocked = waiting["status"] == "ok" and (waiting["value"] or 0) >= 1
            if is_blocked and (fields.get("xact_age") or 0) > 2 and fields.get("kind") not in ("migration", "maintenance"):
                return name, fields.get("owner", "somebody"), [a["evidence"] for a in (waiting, root)]
        await asyncio.sleep(1)
    return None


async def work(gate, incident):
    before = incident.get("proposals", [])  # what an agent before us asked
    if before and before[-1]["state"] in MOVING and await gate.outcome(before[-1]["proposal"]) in ENDED:
        return
    found = await find_blocker(gate, incident["view"])
    if not found:
        await gate.call("escalate", reason="no session waits for a forgotten one; I know nothing else")
        return
    database, owner, seen = found
    await gate.call("diagnose", component=database, mechanism="lock-contention", confidence="high",
                    statement=f"sessions wait for one of {owner}", evidence=seen,
                    ruled_out=[{"component": database, "mechanism": "process-down",
                                "because": "it answers reads", "evidence": seen}])
    step = {"action": "terminate-sessions", "parameters": {"component": database, "which": "blocker"}}
    state = "denied"
    for _ in range(2):  # a person may say no once and mean "look again"
        if state == "denied":
            asked = await gate.call("propose", summary=f"end the session that {database}'s others wait for", evidence=seen,
                                    options=[{"title": "end that session only", "why": "it rolls back by itself", "steps": [step]}],
                                    rejected=[{"action": "restart-db", "because": "it would end every session"}])
            state = await gate.outcome(asked["proposal"])
    if state not in ENDED:
        await gate.call("escalate", reason=f"the repair ended as {state}", evidence=seen)


async def main():
    key = {"Authorization": f"Bearer {os.environ['OPSLAB_AGENT_KEY']}"}
    name = types.Implementation(name="example-mcp", version="1")
    async with httpx2.AsyncClient(headers=key, timeout=60) as http:  # a call may wait for 25 s
        async with Client(streamable_http_client(f"{GATE}/mcp", http_client=http), client_info=name) as client:
            gate = Gate(client)
            while True:
                incident = (await gate.call("wait_for_incident"))["incident"]
                if incident is None:
                    continue
                print("incident:", incident["id"], flush=True)
                try:
                    await work(gate, incident)
                except Refused as refusal:
                    if refusal.code not in ("claim_lapsed", "incident_closed"):
                        raise
                    print("refused:", refusal, flush=True)
                if os.environ.get("OPSLAB_ONCE"):
                    return


if __name__ == "__main__":
    asyncio.run(main())
