import time


class Limits:
    """More than one key may ask for, from one key and from another of the same person."""

    NAME = "limits"
    LAB = {"pace": {}}

    @staticmethod
    def run(ground):
        for words, body, most in [("real runs", {}, 30), ("dry runs", {"dry_run": True}, 300)]:
            began, passed, told = time.monotonic(), 0, True
            for number in range(most + 20):
                status, answer = ground.ask("action", "POST", "/action/clear-cache", body, headers={"Idempotency-Key": f"{number}"})
                passed += status != 429
                told &= status != 429 or int(answer["headers"].get("Retry-After", 0)) > 0
            allowed = max(5, most // 3) + (time.monotonic() - began) * most / 60 + 1
            yield f"action: {most + 20} {words}", f"{passed} passed, {allowed:.0f} may" if passed > allowed else None
            yield f"action: when to come back, {words}", None if told else "429 without Retry-After"
            status, _ = ground.ask("action", "POST", "/action/clear-cache", body, key="gate", headers={"Idempotency-Key": "other"})
            yield f"action: somebody else's {words}", "answered 429" if status == 429 else None
        ground.open_door("action", "agent", "act", entry={"principal": "operator-2", "root": "operator"})
        for number in range(40):
            ground.ask("action", "POST", "/action/clear-cache", {}, headers={"Idempotency-Key": f"root-{number}"})
        status, _ = ground.ask("action", "POST", "/action/clear-cache", {}, key="agent", headers={"Idempotency-Key": "root"})
        yield "action: another key of the same root", f"answered {status}" if status != 429 else None
        passed = 0
        for number in range(120):
            status, _ = ground.ask("gate", "POST", "/signals/alertmanager", {"version": "4", "status": "resolved", "alerts": [{
                "status": "resolved", "fingerprint": f"limits-{number}", "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2026-01-01T00:00:01Z",
                "labels": {"alertname": "flood"}, "annotations": {}}]}, key="alertmanager")
            passed += status == 202
        yield "gate: 120 alerts", f"{passed} passed" if passed > 110 else None

    WEAK = "50 real runs"

    @staticmethod
    def weaken(ground):
        """ActionPlane is told a pace that nobody keeps to."""
        ground.set("action", actions_per_minute=10_000, plans_per_minute=100_000)
