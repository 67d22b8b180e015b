import json

from grants import Unproven
from ground import SERVICES

LIMIT = 1 << 20


class Bodies:
    """Bodies that are too large, too deep, or no text."""

    NAME = "bodies"

    @staticmethod
    def run(ground):
        deep = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
        for service in SERVICES:
            method, path, good, texts = PLACES[service]
            status, answer = ground.ask(service, method, path, good("a"))
            if status not in texts:
                raise Unproven(f"{service} {path} answers a good body with {status}: {answer}")
            for words, body, codes in [
                ("a little too large", padded(LIMIT + 1), ("body_too_large",)),
                ("twice too large", padded(2 * LIMIT), ("body_too_large",)),
                # Nobody reads that much: who still sends may see a broken connection in place of the answer.
                ("twenty mebibytes", padded(20 << 20), ("body_too_large", None)),
                ("twenty thousand deep", deep, ("body_too_deep",)),
                ("lists, fifty thousand deep", b"[" * 50_000, ("body_too_deep",)),
                ("sixty-five deep", b"[" * 65 + b"]" * 65, ("body_too_deep",)),
                ("no UTF-8", within(good, b"\xff\xfe"), UNREADABLE + SHAPES),
                ("a lonely surrogate", within(good, b"\\ud800"), UNREADABLE + SHAPES),
                ("a raw line feed in a text", within(good, b"\n"), UNREADABLE + SHAPES),
                ("a NUL between", b'{"a": 1}\x00{"b": 2}', UNREADABLE),
                ("deep, in UTF-16, behind a letter half of which is a quotation mark",
                 ('{"a":"\u2222","b":' + "[" * 60_000 + "]" * 60_000 + "}").encode("utf-16-le"), UNREADABLE + SHAPES + ("body_too_deep",)),
                ("half a document", b'{"a": [1, 2', UNREADABLE),
                ("two documents", b"{} {}", UNREADABLE),
                ("no number", b'{"a": NaN}', UNREADABLE),
                ("nothing", b"", ("body_missing", *UNREADABLE)),
                ("a list in the place of an object", b"[]", SHAPES),
                ("a text in the place of an object", b'"a"', SHAPES),
                ("null", b"null", SHAPES + UNREADABLE),
            ]:
                status, answer = ground.ask(service, method, path, body)
                yield f"{service}: {words}", None if answer.get("code") in codes else f"answered {status} {str(answer)[:120]}"
            # A service may keep such a text or refuse it; it must not fail at it.
            for words, text in [("a NUL in a text", "a\0b"), ("turned around", "\u202e\u2066"), ("a great text", "x" * 500_000),
                                ("letters of four bytes", "\U0001f9e8" * 20_000)]:
                status, answer = ground.ask(service, method, path, good(text))
                yield f"{service}: {words}", None if 200 <= status < 500 else f"answered {status} {str(answer)[:120]}"
            for words, number in [("without an end", "9" * 5_000), ("with a great exponent", "1e999999"), ("of many parts", "0." + "1" * 50_000),
                                  ("beyond 64 bits", str(2 ** 63)), ("below them", str(-(2 ** 63))), ("minus nought", "-0")]:
                method, path, body = NUMBERS[service]
                status, answer = ground.ask(service, method, path, body.replace("NUMBER", number).encode())
                yield f"{service}: a number {words}", None if 400 <= status < 500 else f"answered {status} {str(answer)[:120]}"


UNREADABLE = ("malformed_json", "request_unreadable", "not_json", "bad_request", "request_malformed")
SHAPES = ("wrong_shape", "invalid_parameters", "policy_invalid", "bad_parameter")


def within(good, raw):
    """A good body with these bytes in the place of its text."""
    return json.dumps(good("MARK")).encode().replace(b"MARK", raw)


def padded(size):
    return b'{"a": "' + b"x" * (size - 9) + b'"}'


def policy(text):
    return {"name": text, "description": text, "status": "draft",
            "rule_definition": {"conditions": [{"field": "action.type", "operator": "equals", "value": text}], "action": "block"}}


# Where a body goes, one with a text in it, and what a good one is answered.
PLACES = {
    "gate": ("POST", "/api/v1/policies", policy, (201, 409)),
    "action": ("POST", "/action/clear-cache", lambda text: {"dry_run": True, "parameters": {"component": "cache" if text == "a" else text}}, (200,)),
    "chaos": ("POST", "/break/db/lock", lambda text: {"target": text, "lease_s": 5}, (400, 404, 409, 422)),
    "observer": ("POST", "/reads", lambda text: {"reads": [{"read": "pg.sessions", "component": "db", "selector": [text]}]}, (200,)),
}
NUMBERS = {
    "gate": ("PUT", "/api/v1/autonomy", '{"approval_timeout_s": NUMBER}'),
    "action": ("POST", "/action/quarantine-job", '{"dry_run": true, "parameters": {"id": NUMBER}}'),
    "chaos": ("POST", "/break/db/lock", '{"target": "nothing", "lease_s": NUMBER}'),
    "observer": ("POST", "/reads", '{"reads": [{"read": NUMBER}]}'),
}
