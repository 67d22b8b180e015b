from urllib.parse import quote

WAYS = ("../../secrets/key-operator", "..%2f..%2fsecrets%2fkey-operator", "....//....//secrets/key-operator", "/etc/passwd",
        "%2e%2e/%2e%2e/secrets/key-operator", "..\\..\\secrets\\key-operator", "x%00.md")


class Paths:
    """Ways out of a directory, in paths and in parameters."""

    NAME = "paths"

    @staticmethod
    def run(ground):
        secrets = [ground.key(name) for name in ("operator", "agent", "gate")] + ["root:x:0"]
        for way in WAYS:
            for service, path in [("observer", f"/runbooks/{way}"), ("gate", f"/api/v1/incidents/{way}"), ("gate", f"/api/v1/policies/{way}"),
                                  ("chaos", f"/faults/{way}"), ("action", f"/action/runs/{way}")]:
                status, answer = ground.ask(service, "GET", quote(path, safe="/%\\"))
                told = any(secret in str(answer) for secret in secrets)
                yield f"{service} {path[:40]}", "told a secret" if told else f"answered {status}" if status == 200 or status >= 500 else None
            for action, parameters in [("clear-cache", {"component": way}), ("free-disk", {"component": way}), ("restore-db", {"table": way}),
                                       ("regenerate-env", {"file": way}), ("set-config", {"component": "api", "key": way, "value": "1"})]:
                status, answer = ground.ask("action", "POST", f"/action/{action}", {"dry_run": True, "parameters": parameters})
                yield f"{action} {way[:30]}", None if 400 <= status < 500 else f"answered {status} {str(answer)[:100]}"
