import re

from ground import SERVICES

# Who may do something somewhere; every other key of the lab is a wrong one there.
HOLDERS = {"gate": {"operator", "referee", "observer", "agent", "alertmanager"}, "action": {"gate", "operator"},
           "chaos": {"operator", "referee"}, "observer": {"gate", "operator", "referee"}}
KEYS = ("agent", "observer", "gate", "alertmanager")
OPEN = re.compile(r"^/(health|healthz|ready|metrics|openapi\.json)$")


class WrongKeys:
    """Every route of every service without a key, with a made one, and with that of somebody who may not."""

    NAME = "wrong-keys"

    @classmethod
    def run(cls, ground):
        for service in SERVICES:
            for method, path in ground.routes(service):
                if OPEN.match(path):
                    continue
                place = re.sub(r"\{[^}]+\}", "x", path)
                yield f"{service} {method} {path}: none", cls.tried(ground, service, method, place, {})
                yield f"{service} {method} {path}: made", cls.tried(ground, service, method, place, {"Authorization": f"Bearer {'k' * 43}"})
                for key in KEYS:
                    if key not in HOLDERS[service]:
                        yield f"{service} {method} {path}: {key}", cls.tried(ground, service, method, place, {
                            "Authorization": f"Bearer {ground.key(key)}"})
        # At the gate the agent has a scope of its own, which opens nothing that people do.
        for method, path in ground.routes("gate"):
            if path.startswith("/api/v1/"):
                place = re.sub(r"\{[^}]+\}", "x", path)
                yield f"gate {method} {path}: agent", cls.tried(ground, "gate", method, place, {
                    "Authorization": f"Bearer {ground.key('agent')}"})
        for words, headers in [("in the query", {}), ("in a cookie", {"Cookie": f"key={ground.key('operator')}"}),
                               ("as Basic", {"Authorization": f"Basic {ground.key('operator')}"})]:
            path = f"/api/v1/incidents?key={ground.key('operator')}" if words == "in the query" else "/api/v1/incidents"
            yield f"the operator's key {words}", cls.tried(ground, "gate", "GET", path, headers)

    @staticmethod
    def tried(ground, service, method, path, headers):
        status, _ = ground.ask(service, method, path, {} if method in ("POST", "PUT", "PATCH") else None, key=None, headers=headers)
        return None if status in (401, 403, 429) else f"answered {status}"
