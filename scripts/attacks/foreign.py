from ground import SERVICES

CHANGES = {"gate": "/api/v1/controls/kill-switch", "action": "/action/clear-cache", "chaos": "/kill", "observer": "/reads"}


class Foreign:
    """A page of another origin, and a name that was made to point here, with a key that is right."""

    NAME = "foreign-origin"

    @staticmethod
    def run(ground):
        for service in SERVICES:
            for host in ("evil.example", "evil.example:80", f"127.0.0.1.evil.example:{ground.port(service)}", "0x7f.1", ""):
                status, _ = ground.ask(service, "POST", CHANGES[service], {}, headers={"Host": host})
                yield f"{service}: Host {host or 'empty'}", None if status in (400, 421) else f"answered {status}"
            for origin in ("http://evil.example", "null", f"http://127.0.0.1:{ground.port(service) + 1}", "file://"):
                status, _ = ground.ask(service, "POST", CHANGES[service], {}, headers={"Origin": origin})
                yield f"{service}: Origin {origin}", None if status == 403 else f"answered {status}"
            for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
                if service == "chaos" and "form-urlencoded" in kind:
                    continue  # its doors take forms on purpose, and refuse what comes from another origin
                status, _ = ground.ask(service, "POST", CHANGES[service], b"reason=enough", headers={"Content-Type": kind})
                yield f"{service}: {kind}", None if status in (400, 415) else f"answered {status}"
            status, answer = ground.ask(service, "OPTIONS", CHANGES[service], key=None, headers={
                "Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})
            yield f"{service}: asked beforehand", "may" if status in (200, 204) and "Access-Control-Allow-Origin" in str(answer) else None
