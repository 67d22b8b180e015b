"""An agent that says whatever the attacker wants, over the gate's own routes."""
import secrets

from grants import ACTION, PARAMETERS, Unproven


class Agent:
    """Somebody with the agents' key who has claimed an incident of an alert of their own."""

    def __init__(self, ground, name="attacker", summary="something is wrong"):
        self.ground = ground
        status, answer = page(ground, summary)
        if status != 202:
            raise Unproven(f"an alert is answered with {status}: {answer}")
        waiting = ground.wait("there is an incident", 10, lambda: ground.ask("gate", "GET", "/agent/incidents?wait=1", key="agent")[1].get("data"))
        self.incident = (waiting if isinstance(waiting, list) else waiting["incidents"])[0]["id"]
        self.path = f"/agent/incidents/{self.incident}"
        status, answer = ground.ask("gate", "POST", f"{self.path}/claim", {"agent": name, "version": "1"}, key="agent")
        if status != 200:
            raise Unproven(f"a claim is answered with {status}: {answer}")
        self.key = answer["data"]["key"]

    def say(self, kind, body):
        return self.ground.ask("gate", "POST", f"{self.path}/{kind}", body, key=self.key)

    def diagnose(self, text):
        evidence = self.say("reads", {"reads": [{"read": "pg.blockers", "component": "db"}]})[1]["data"]["answers"][0]["evidence"]
        return evidence, self.say("diagnosis", {"component": "db", "mechanism": "lock-contention", "confidence": "high", "statement": text,
                                                "evidence": [evidence]})

    def propose(self, text="empty the cache"):
        """The name of the approval that is asked for."""
        evidence, _ = self.diagnose(text)
        status, answer = self.say("proposals", {"summary": text, "evidence": [evidence], "options": [{
            "title": text, "why": text, "steps": [{"action": ACTION, "parameters": PARAMETERS, "expect": [text]}]}], "rejected": [
                {"action": "restart-db", "because": text}]})
        if status != 202 or not answer["data"].get("approval"):
            raise Unproven(f"a proposal is answered with {status}: {answer}")
        return answer["data"]["approval"]

    def close(self):
        return self.ground.ask("gate", "POST", f"/api/v1/incidents/{self.incident}/close", {"reason": "the attack is over"})


def page(ground, summary, key="alertmanager", name=None, **labels):
    return ground.ask("gate", "POST", "/signals/alertmanager", {"version": "4", "status": "firing", "alerts": [{
        "status": "firing", "fingerprint": name or secrets.token_hex(8), "startsAt": "2026-01-01T00:00:00Z",
        "labels": {"alertname": summary} | labels, "annotations": {"summary": summary}}]}, key=key)
