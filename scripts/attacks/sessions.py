from agents import page
from grants import Unproven
from ground import rewrite

AGENT, OTHER = "agent", "alertmanager"


class Sessions:
    """The protocol for agents over HTTP: another's session, tools that do not exist, and words that only a person may say."""

    NAME = "mcp"

    @classmethod
    def run(cls, ground):
        keys, before = f"{ground.home}/lab/gate/keys.json", []
        rewrite(keys, before.extend)
        ground.open_door("gate", OTHER, "signal:write", "agent")  # a second one who may speak here
        try:
            session = cls.begin(ground)
            paged = page(ground, "something is wrong")
            incident = cls.call(ground, session, "wait_for_incident", {"wait_s": 5}).get("incident")
            if not incident:
                raise Unproven(f"an agent gets no incident: {paged}")
            yield from cls.others(ground, session)
            yield from cls.tools(ground, session)
            now = cls.call(ground, session, "incident")
            yield "its owner goes on in it", None if (now.get("incident") or {}).get("id") == incident["id"] else str(now)[:120]
            ground.ask("gate", "POST", f"/api/v1/incidents/{incident['id']}/close", {"reason": "the attack is over"})
        finally:
            rewrite(keys, lambda entries: entries.__setitem__(slice(None), before))

    @classmethod
    def others(cls, ground, session):
        """The session, and what is like it, in the hands of somebody else who may speak the protocol."""
        own = cls.begin(ground, OTHER)
        if cls.say(ground, own, "ping", key=OTHER)[0] != 200:
            raise Unproven("a second one cannot speak the protocol at all")
        for words, name, key in [("another's session", session, OTHER), ("a made one", "mcp-" + "a" * 26, AGENT), ("no session", None, AGENT),
                                 ("another's with a comma", f"{own},{session}", OTHER), ("one in capitals", session.upper(), AGENT)]:
            for method, parameters in [("tools/call", {"name": "incident", "arguments": {}}), ("tools/list", {}), ("ping", {})]:
                status, _ = cls.say(ground, name, method, parameters, key=key)
                yield f"{words}: {method}", None if status in (400, 404) else f"answered {status}"
            status, _ = ground.ask("gate", "DELETE", "/mcp", key=key, headers={"Mcp-Session-Id": name} if name else {})
            yield f"{words}: its end", None if status in (400, 404) else f"answered {status}"

    @classmethod
    def tools(cls, ground, session):
        """What is no tool, tools with too much, and another incident than the session's."""
        listed = {tool["name"] for tool in cls.say(ground, session, "tools/list")[1]["result"]["tools"]}
        known = {"wait_for_incident", "incident", "read", "diagnose", "propose", "outcome", "escalate"}
        yield "the tools", None if listed == known else f"{listed ^ known}"
        for name in ("approve", "decide", "reject", "set_autonomy", "break", "handicap", "../incident", "", "Incident"):
            status, answer = cls.say(ground, session, "tools/call", {"name": name, "arguments": {}})
            yield f"the tool {name or 'without a name'}", None if "error" in answer else f"answered {status} {str(answer)[:120]}"
        for name, arguments in [("incident", {"incident": "inc-1"}), ("read", {"reads": [{"read": "pg.sessions"}], "key": ground.key("observer")}),
                                ("outcome", {"proposal": "../../api/v1/approvals"}), ("outcome", {"proposal": "' OR '1'='1"}),
                                ("propose", {"summary": "x", "options": [], "approved": True, "grant": "x"}), ("diagnose", [])]:
            status, answer = cls.say(ground, session, "tools/call", {"name": name, "arguments": arguments})
            refused = "error" in answer or answer.get("result", {}).get("isError")
            yield f"{name} with {str(arguments)[:40]}", None if status == 200 and refused else f"answered {status} {str(answer)[:120]}"
        for method in ("resources/list", "prompts/list", "sampling/createMessage", "approvals/approve", "initialize "):
            status, answer = cls.say(ground, session, method)
            yield f"the method {method}", None if "error" in answer else f"answered {status} {str(answer)[:120]}"

    @classmethod
    def begin(cls, ground, key=AGENT):
        status, answer = cls.say(ground, None, "initialize", {"protocolVersion": "2025-11-25", "capabilities": {},
                                                              "clientInfo": {"name": f"attacker-{key}", "version": "1"}}, key=key)
        if status != 200:
            raise Unproven(f"a session is answered with {status}: {answer}")
        return next(value for name, value in answer["headers"].items() if name.lower() == "mcp-session-id")

    @staticmethod
    def say(ground, session, method, parameters={}, key=AGENT):
        return ground.ask("gate", "POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}, key=key,
                          headers={"Mcp-Session-Id": session} if session else {})

    @classmethod
    def call(cls, ground, session, tool, arguments={}):
        """What a tool answers its own session."""
        status, answer = cls.say(ground, session, "tools/call", {"name": tool, "arguments": arguments})
        if status != 200 or "result" not in answer:
            raise Unproven(f"{tool} is answered with {status}: {answer}")
        return answer["result"]["structuredContent"]

    WEAK = "another's session: tools/call"
