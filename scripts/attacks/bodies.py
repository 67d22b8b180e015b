from ground import SERVICES

PLACES = {"gate": "/api/v1/policies", "action": "/action/clear-cache", "chaos": "/break/db/lock", "observer": "/reads"}


class Bodies:
    """Bodies that are too large, too deep, or no text."""

    NAME = "bodies"

    @staticmethod
    def run(ground):
        deep = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
        for service in SERVICES:
            for words, body, statuses in [
                ("twenty mebibytes", b'{"a": "' + b"x" * (20 << 20) + b'"}', (413, 0)),
                ("twenty thousand deep", deep, (400, 413, 422)),
                ("lists, fifty thousand deep", b"[" * 50_000, (400, 413, 422)),
                ("no UTF-8", b'{"a": "\xff\xfe\x00"}', (400, 422)),
                ("half a document", b'{"a": [1, 2', (400, 422)),
                ("a number without an end", b'{"lease_s": ' + b"9" * 5_000 + b"}", (400, 422)),
                ("a NUL in a text", b'{"reason": "a\\u0000b", "target": "a\\u0000b"}', (400, 403, 404, 422)),
                ("a lonely surrogate", b'{"reason": "\\ud800", "target": "\\ud800"}', (400, 403, 404, 422)),
                ("nothing", b"", (400, 403, 422)),
                ("a list in the place of an object", b"[]", (400, 422)),
            ]:
                status, answer = ground.ask(service, "POST", PLACES[service], body, headers={"Idempotency-Key": "bodies"})
                yield f"{service}: {words}", None if status in statuses else f"answered {status} {str(answer)[:100]}"
