import re

ESC, BELL = "\x1b", "\x07"
SUMMARY = f"{ESC}[2J{ESC}[1;1Happroved by you{ESC}]0;title{BELL}{ESC}]52;c;cm0gLXJm{BELL}\u202eevil\u2066\r\nAPPROVED  option 1\u0000"
# What a terminal obeys, and what turns the direction of a line.
RAW = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\\[[0-9;]*m)")


class Escapes:
    """Escapes of a terminal and turned lines in what an alert says, looked for in what the command line shows."""

    NAME = "terminal-escapes"

    @staticmethod
    def run(ground):
        status, answer = ground.ask("gate", "POST", "/signals/alertmanager", {"version": "4", "status": "firing", "alerts": [{
            "status": "firing", "fingerprint": "escapes", "startsAt": "2026-01-01T00:00:01Z",
            "labels": {"alertname": SUMMARY.replace("\0", ""), "component": "api"},
            "annotations": {"summary": SUMMARY.replace("\0", "")}}]}, key="alertmanager")
        yield "an alert", f"answered {status} {str(answer)[:100]}" if status not in (202, 422) else None
        status, answer = ground.ask("gate", "GET", "/api/v1/incidents?limit=5")
        known = answer.get("data", [])
        yield "it is there", None if status == 200 and known else f"answered {status}, {len(known)} incidents"
        for incident in known[:2]:
            for words in (["incidents"], ["incident", "show", incident["id"]], ["approvals"], ["audit", "list"]):
                said = ground.opslab(*words)
                bad = RAW.search(said.stdout + said.stderr)
                yield f"opslab {' '.join(words[:2])}", f"shows {bad[0]!r}" if bad else None
            ground.ask("gate", "POST", f"/api/v1/incidents/{incident['id']}/close", {"reason": "the attack is over"})
