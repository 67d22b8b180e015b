import re

from grants import Unproven
from ground import SERVICES

OPEN = re.compile(r"^/(health|healthz|ready|metrics|openapi\.json|approvals/(login|logout|style\.css))$")
PEOPLE, REFEREE = {"operator", "referee"}, {"referee"}
# Who may come in where; every other key of the lab is a wrong one there. The first that fits counts.
HOLDERS = {
    "gate": [("/api/v1/handicap", REFEREE), ("/api/v1/memory", REFEREE), ("/api/v1/", PEOPLE), ("/signals/", {"observer", "alertmanager", "referee"}),
             ("/agent/", {"agent"}), ("/mcp", {"agent"}), ("/approvals", set())],
    "action": [("/", {"gate", "operator"})],
    "chaos": [("/", PEOPLE)],
    "observer": [("/handicap", REFEREE), ("/", PEOPLE | {"gate"})],
}
# What has no description of itself: the kill switch's own door, and what ActionPlane and the referee may ask of the shop.
OTHERS = [("kill", "POST", "/kill", PEOPLE), ("kill", "GET", "/kill", PEOPLE), ("web", "POST", "/instances/api-1/drain", {"action", "referee"}),
          ("web", "DELETE", "/instances/api-1/drain", {"action", "referee"}), ("web", "PUT", "/shedding", {"action", "referee"}),
          ("web", "DELETE", "/shedding/x", {"action", "referee"})]
GOOD = {"gate": "/api/v1/incidents", "action": "/catalog", "chaos": "/faults", "observer": "/view"}


class WrongKeys:
    """Every route of every service without a key, with a made one, and with that of everybody who may not."""

    NAME = "wrong-keys"

    @classmethod
    def run(cls, ground):
        for service in SERVICES:
            status, _ = ground.ask(service, "GET", GOOD[service])
            if status != 200:
                raise Unproven(f"{service} {GOOD[service]} answers its own people with {status}")
            for method, path in ground.routes(service):
                if not OPEN.match(path):
                    holders = next(names for start, names in HOLDERS[service] if path.startswith(start))
                    yield from cls.door(ground, service, method, path, holders)
        for service, method, path, holders in OTHERS:
            yield from cls.door(ground, service, method, path, holders)
        good = ground.key("operator")
        for words, path, headers in [
            ("in the query", f"{GOOD['gate']}?key={good}", {}), ("as a bearer in the query", f"{GOOD['gate']}?access_token={good}", {}),
            ("in a cookie", GOOD["gate"], {"Cookie": f"key={good}"}), ("as Basic", GOOD["gate"], {"Authorization": f"Basic {good}"}),
            ("without its last letter", GOOD["gate"], {"Authorization": f"Bearer {good[:-1]}"}),
            ("with one more letter", GOOD["gate"], {"Authorization": f"Bearer {good}A"}),
            ("behind a space too many", GOOD["gate"], {"Authorization": f"Bearer x {good}"}),
        ]:
            status, _ = ground.ask("gate", "GET", path, key=None, headers=headers)
            yield f"the operator's key {words}", None if status in (400, 401, 422) else f"answered {status}"

    @classmethod
    def door(cls, ground, service, method, path, holders):
        """One route, with every key that does not open it."""
        place = re.sub(r"\{[^}]+\}", "x", path)
        yield f"{service} {method} {path}: none", cls.tried(ground, service, method, place, None, 401)
        yield f"{service} {method} {path}: made", cls.tried(ground, service, method, place, "k" * 43, 401)
        for key in ground.keys():
            if key not in holders:
                yield f"{service} {method} {path}: {key}", cls.tried(ground, service, method, place, key, 401, 403)

    @staticmethod
    def tried(ground, service, method, path, key, *statuses):
        if path.startswith("/approvals"):
            statuses += (303,)  # to the door: a page is opened by a sign-in, and by no key in a header
        status, answer = ground.ask(service, method, path, {} if method in ("POST", "PUT", "PATCH") else None, key=key)
        return None if status in statuses else f"answered {status} {answer.get('code', '')}"

    WEAK = "chaos POST /break/api/crash: agent"

    @staticmethod
    def weaken(ground):
        """ChaosServer takes the agent's key."""
        ground.open_door("chaos", "agent", "chaos")
