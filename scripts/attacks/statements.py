WORDS = ("'; DROP TABLE feature_flags; --", "' OR '1'='1", "\"; UPDATE feature_flags SET enabled = true; --", "$$; SELECT pg_sleep(9); $$",
         "1; COPY (SELECT 1) TO PROGRAM 'touch /tmp/opslab-attack'", "\\'; SELECT 1; --", "%s %1$s {0} ${PATH} $(id) `id`")


class Statements:
    """SQL, shell and format words in every text that a service takes."""

    NAME = "statements"

    @staticmethod
    def run(ground):
        for word in WORDS:
            for service, method, path, body in [
                ("gate", "POST", "/api/v1/policies", {
                    "name": word, "description": word, "status": "draft",
                    "rule_definition": {"conditions": [{"field": "action.type", "operator": "equals", "value": word}], "action": "block"}}),
                ("gate", "GET", f"/api/v1/audit-logs?actor={quoted(word)}", None),
                ("gate", "POST", "/api/v1/approvals/x/reject", {"reason": word}),
                ("gate", "GET", f"/api/v1/incidents/{quoted(word)}", None),
                ("gate", "POST", "/signals/alertmanager", alert(word)),
                ("action", "POST", "/action/set-flag", {"dry_run": True, "parameters": {"flag": word, "value": True}}),
                ("action", "POST", "/action/terminate-sessions", {"dry_run": True, "parameters": {"which": "owner", "owner": word}}),
                ("action", "POST", "/action/restore-db", {"dry_run": True, "parameters": {"table": word}}),
                ("chaos", "POST", "/break/db/lock", {"target": word, "lease_s": 5}),
                ("chaos", "POST", "/break/api/errors", {"target": "api", "with": {"flag": word}, "lease_s": 5, "dry_run": True}),
                ("observer", "POST", "/reads", {"reads": [{"read": "pg.sessions", "component": "db", "selector": [word]}]}),
                ("observer", "GET", f"/runbooks/search?q={quoted(word)}", None),
            ]:
                status, answer = ground.ask(service, method, path, body)
                yield f"{service} {method} {path[:28]}: {word[:24]}", f"answered {status} {str(answer)[:120]}" if status >= 500 or status == 0 else None


def quoted(word):
    from urllib.parse import quote
    return quote(word, safe="").replace("%2F", "-").replace("%5C", "-").replace("%00", "")


def alert(word):
    return {"version": "4", "status": "firing", "alerts": [{
        "status": "firing", "fingerprint": "attack", "startsAt": "2026-01-01T00:00:00Z", "labels": {"alertname": word, "component": word},
        "annotations": {"summary": word}}]}
