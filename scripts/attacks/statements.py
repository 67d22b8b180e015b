from urllib.parse import quote

from grants import Unproven

WORDS = ("'; DROP TABLE feature_flags; --", "' OR '1'='1", "\"; UPDATE feature_flags SET enabled = NOT enabled; --",
         "$$; SELECT pg_sleep(9); $$", "1; COPY (SELECT 1) TO PROGRAM 'touch /tmp/opslab-attack'", "\\'; SELECT 1; --", "$1", "?",
         "%s %1$s %n {0} ${PATH} $(id) `id` | id & id; id", "--config=/etc/passwd", "-c SELECT 1", "x host=evil.example options='-c x=1'")


class Statements:
    """SQL, shell, format and option words in every text that a service takes."""

    NAME = "statements"

    @classmethod
    def run(cls, ground):
        for place in cls.places("plain word"):
            cls.good(ground, *place)
        for word in WORDS:
            for service, method, path, body, statuses in cls.places(word):
                status, answer = asked(ground, service, method, path, body)
                right = status in statuses or 400 <= status < 500
                yield f"{service} {method} {path[:28]}: {word[:24]}", None if right else f"answered {status} {str(answer)[:120]}"
            kept = [policy["name"] for policy in ground.ask("gate", "GET", "/api/v1/policies?status=draft")[1].get("data", [])]
            yield f"a policy's name comes back as it was: {word[:24]}", None if word in kept else f"{kept}"
            rows = ground.ask("gate", "GET", f"/api/v1/audit-logs?actor={quote(word, safe='')}")[1].get("data", {}).get("rows", [])
            yield f"nobody's rows of the chain: {word[:24]}", f"{len(rows)} rows" if rows else None

    @staticmethod
    def places(word):
        """Every text of an answerable request, and how it is answered when the text is a plain one."""
        told = quote(word, safe="")
        step = quote(word.replace("/", "-").replace("\\", "-"), safe="")
        return [
            ("gate", "POST", "/api/v1/policies", {
                "name": word, "description": word, "status": "draft",
                "rule_definition": {"conditions": [{"field": "action.type", "operator": "equals", "value": word}], "action": "block"}}, (201, 409)),
            ("gate", "POST", "/api/v1/policies/evaluate", {"action": {"type": "clear-cache", "component": word}, "agent": {"name": word}}, (200,)),
            *(("gate", "GET", f"/api/v1/audit-logs?{name}={told}", None, (200, 400, 422))
              for name in ("actor", "action", "target", "from", "after", "limit")),
            ("gate", "GET", f"/api/v1/approvals?status={told}", None, (200, 400, 422)),
            ("gate", "POST", "/api/v1/approvals/x/reject", {"reason": word}, (404,)),
            ("gate", "POST", f"/api/v1/controls/pause-agent/{step}", {"reason": word}, (404,)),
            ("gate", "GET", f"/api/v1/incidents/{step}", None, (404,)),
            ("gate", "POST", "/signals/alertmanager", {"version": "4", "status": "resolved", "alerts": [{
                "status": "resolved", "fingerprint": "statements", "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2026-01-01T00:00:01Z",
                "labels": {"alertname": word, "component": word}, "annotations": {"summary": word}}]}, (202,)),
            ("action", "POST", "/action/set-flag", {"dry_run": True, "parameters": {"flag": word, "value": True}}, (422,)),
            ("action", "POST", "/action/terminate-sessions", {"dry_run": True, "parameters": {"which": "owner", "owner": word}}, (200, 422)),
            ("action", "POST", "/action/restore-db", {"dry_run": True, "parameters": {"table": word}}, (422,)),
            ("action", "POST", "/action/set-config", {"dry_run": True, "parameters": {"component": "api", "key": word, "value": word}}, (422,)),
            ("action", "POST", "/action/restart-service", {"dry_run": True, "parameters": {"component": word}}, (422,)),
            ("action", "GET", f"/action/runs/{step}", None, (404,)),
            ("chaos", "POST", "/break/db/lock", {"target": word, "lease_s": 5}, (422,)),
            ("chaos", "POST", "/break/api/errors", {"target": "api", "with": {"flag": word}, "lease_s": 5, "dry_run": True}, (422,)),
            ("chaos", "GET", f"/schedules/{step}", None, (404,)),
            ("observer", "POST", "/reads", {"reads": [{"read": "pg.sessions", "component": "db", "selector": [word, word]}]}, (200,)),
            ("observer", "GET", f"/runbooks/search?q={told}", None, (200,)),
        ]

    @staticmethod
    def good(ground, service, method, path, body, statuses):
        status, answer = asked(ground, service, method, path, body)
        if status not in statuses:
            raise Unproven(f"{service} {method} {path} answers a plain word with {status}: {answer}")


def asked(ground, service, method, path, body):
    return ground.ask(service, method, path, body, key="alertmanager" if path.startswith("/signals/") else "operator")
