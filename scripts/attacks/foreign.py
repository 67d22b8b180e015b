from grants import Unproven
from ground import SERVICES

# A route that changes something, and a body with which it would; reads beside it.
CHANGES = {"gate": ("/api/v1/controls/kill-switch", {"reason": "enough"}), "action": ("/action/clear-cache", {"dry_run": True}),
           "chaos": ("/kill", {"reason": "enough"}), "observer": ("/reads", {"reads": []})}
READS = {"gate": "/api/v1/incidents", "action": "/catalog", "chaos": "/faults", "observer": "/view"}


class Foreign:
    """A page of another origin, and a name that was made to point here, with a key that is right."""

    NAME = "foreign-origin"

    @classmethod
    def run(cls, ground):
        for service in SERVICES:
            path, body = CHANGES[service]
            own = {"Origin": f"http://127.0.0.1:{ground.port(service)}"}
            if ground.ask(service, "POST", "/nowhere", {}, headers=own)[0] != 404 or ground.ask(service, "GET", READS[service])[0] != 200:
                raise Unproven(f"{service} refuses its own pages")
            for host in ("evil.example", "evil.example:80", f"127.0.0.1.evil.example:{ground.port(service)}", "0x7f.1", "2130706433", ""):
                for method, place in [("POST", path), ("GET", READS[service])]:
                    status, answer = ground.ask(service, method, place, body if method == "POST" else None, headers={"Host": host})
                    yield f"{service} {method}: Host {host or 'empty'}", said(status, answer, "misdirected_request", "ambiguous_request")
            for origin in ("http://evil.example", "null", f"http://127.0.0.1:{ground.port(service) + 1}", "file://",
                           f"https://127.0.0.1:{ground.port(service)}", f"http://127.0.0.1:{ground.port(service)}.evil.example"):
                status, answer = ground.ask(service, "POST", path, body, headers={"Origin": origin})
                yield f"{service}: Origin {origin}", said(status, answer, "cross_origin")
            for site in ("cross-site", "same-site"):
                status, answer = ground.ask(service, "POST", path, body, headers={"Sec-Fetch-Site": site})
                yield f"{service}: Sec-Fetch-Site {site}", said(status, answer, "cross_origin")
            # What a form can send without asking beforehand. ChaosServer takes forms on purpose, with a key in the header.
            for kind in ("text/plain", "multipart/form-data; boundary=x", *(() if service == "chaos" else ("application/x-www-form-urlencoded",))):
                status, answer = ground.ask(service, "POST", path, b"reason=enough", headers={"Content-Type": kind})
                yield f"{service}: {kind}", said(status, answer, "unsupported_media_type")
            status, answer = ground.ask(service, "POST", path, b"reason=enough", key=None, headers={
                "Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil.example"})
            yield f"{service}: a form of a page", said(status, answer, "cross_origin")
            status, answer = ground.ask(service, "OPTIONS", path, key=None, headers={
                "Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})
            may = [name for name in answer.get("headers", {}) if name.lower().startswith("access-control-")]
            yield f"{service}: asked beforehand", f"answered {status} with {may}" if may or status < 400 else None


def said(status, answer, *codes):
    return None if answer.get("code") in codes else f"answered {status} {answer.get('code', '')}"
