"""Works one incident at a gate with the official client, and prints what it saw as one JSON object.

    drive.py URL MODE       MODE is the client's: auto (asks for the newest protocol first) or legacy

The key is OPSLAB_AGENT_KEY of the environment.

The gate behind it is the tests' own; somebody there approves what is proposed. Whatever the protocol says has to hold is
checked here: a breach ends the program with an error.
"""
import asyncio
import json
import os
import sys

import httpx2
import jsonschema
from mcp import Client, MCPError, types
from mcp.client.streamable_http import streamable_http_client


class Tools:
    """Calls tools with arguments that their own schemas allow."""

    def __init__(self, client, listed):
        self.client = client
        self.schemas = {tool.name: tool.input_schema for tool in listed}
        for schema in self.schemas.values():
            jsonschema.Draft202012Validator.check_schema(schema)

    def allows(self, tool, arguments):
        return jsonschema.Draft202012Validator(self.schemas[tool]).is_valid(arguments)

    async def call(self, tool, **arguments):
        assert self.allows(tool, arguments), (tool, arguments)
        result = await self.client.call_tool(tool, arguments)
        assert json.loads(result.content[0].text) == result.structured_content, tool
        return result

    async def done(self, tool, **arguments):
        result = await self.call(tool, **arguments)
        assert not result.is_error, result
        return result.structured_content

    async def refused(self, tool, **arguments):
        result = await self.call(tool, **arguments)
        assert result.is_error and result.structured_content["error"], result
        return result.structured_content["code"]


def proposal(action, parameters):
    step = {"action": action, "parameters": parameters, "expect": ["cache.bad == 0 within 5s"]}
    return {"summary": "empty it", "options": [{"title": "clear", "why": "it is cheap", "steps": [step]}]}


async def work(tools, seen):
    seen["early"] = await tools.refused("read", reads=[{"read": "pg.blockers", "component": "db"}])
    incident = (await tools.done("wait_for_incident", wait_s=5))["incident"]
    again = (await tools.done("wait_for_incident"))["incident"]
    assert again["id"] == incident["id"]
    seen["incident"] = incident["id"]
    answers = (await tools.done("read", reads=[{"read": "cache.bad", "component": "cache"},
                                               {"read": "runbook.search", "parameters": {"q": "cache"}}]))["answers"]
    evidence = [answer["evidence"] for answer in answers]
    seen["evidence"] = evidence
    diagnosis = {"component": "cache", "mechanism": "cache-bad", "confidence": "high", "statement": "damaged"}
    seen["unknown_evidence"] = await tools.refused("diagnose", **diagnosis, evidence=["ev-99"])
    await tools.done("diagnose", **diagnosis, evidence=evidence)
    asked = await tools.done("propose", **proposal("clear-cache", {}), evidence=evidence)
    seen["second"] = await tools.refused("propose", **proposal("clear-cache", {}))
    for _ in range(4):
        outcome = await tools.done("outcome", proposal=asked["proposal"], wait_s=20)
        if outcome["state"] not in ("pending", "running", "verifying"):
            break
    seen["outcome"] = outcome["state"]
    assert (await tools.done("incident"))["incident"]["state"] == "resolved"
    seen["late"] = await tools.refused("escalate", reason="too late")
    seen["next"] = (await tools.done("wait_for_incident", wait_s=0))["incident"]


async def main():
    url, mode = sys.argv[1:]
    key = os.environ["OPSLAB_AGENT_KEY"]
    seen = {}
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=60) as http:
        name = types.Implementation(name="driver", version="7")
        transport = streamable_http_client(url, http_client=http)
        async with Client(transport, mode=mode, client_info=name, raise_exceptions=True) as client:
            seen["version"] = client.protocol_version
            seen["server"] = client.server_info.name
            seen["instructions"] = client.instructions is not None
            listed = (await client.list_tools()).tools
            seen["tools"] = [tool.name for tool in listed]
            tools = Tools(client, listed)
            seen["wrong_action"] = tools.allows("propose", proposal("format-disk", {}))
            seen["wrong_read"] = tools.allows("read", {"reads": [{"read": "make.coffee"}]})
            if mode == "legacy":
                await client.send_ping()
            try:
                await client.call_tool("make_coffee", {})
            except MCPError as error:
                seen["unknown_tool"] = error.error.code
            await work(tools, seen)
    print(json.dumps(seen))


asyncio.run(main())
