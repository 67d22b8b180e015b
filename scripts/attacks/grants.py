"""Grants as a person's own command line makes them, and as somebody makes them who has not got the key."""
import base64
import ctypes
import ctypes.util
import json
import os
import secrets
import time

DOMAIN = b"opslab/grant/1\0"
ACTION = "clear-cache"
PARAMETERS = {"component": "cache"}

sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
if sodium.sodium_init() < 0:
    raise OSError("libsodium does not start")


class Key:
    """An Ed25519 pair; `name` is what a payload calls it."""

    def __init__(self, name, seed):
        public, self.secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
        sodium.crypto_sign_seed_keypair(public, self.secret, seed)
        self.name, self.public = name, public.raw

    @classmethod
    def of(cls, path):
        """The pair in a file as the lab writes it: a word, the name, the seed."""
        _, name, seed = open(path).read().split()
        return cls(name, bytes.fromhex(seed))

    @classmethod
    def stranger(cls, name):
        return cls(name, os.urandom(32))

    def sign(self, message):
        signature = ctypes.create_string_buffer(64)
        sodium.crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(len(message)), self.secret)
        return signature.raw


def text(payload, key):
    """The grant as it travels."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return f"{plain(data)}.{plain(key.sign(DOMAIN + data))}"


def plain(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Person:
    """Somebody who may decide, with the key of their own."""

    def __init__(self, ground, name="you"):
        self.ground, self.name = ground, name
        self.key = Key.of(f"{os.path.dirname(os.path.realpath(ground.home))}/people/{name}/approver.key")

    def payload(self, **changes):
        """What this person would sign for the action now, with some of it changed."""
        status, answer = self.ground.ask("action", "POST", f"/action/{ACTION}", {"dry_run": True, "parameters": PARAMETERS})
        if status != 200:
            raise OSError(f"a dry run is answered with {status}: {answer}")
        planned, now = answer.get("data", answer), int(time.time() * 1_000)
        status, catalogue = self.ground.ask("action", "GET", "/catalog")
        version = next(entry["version"] for entry in catalogue["data"] if entry["name"] == ACTION)
        return {
            "v": 1, "kid": self.key.name, "grant_id": secrets.token_hex(16), "kind": "human", "org": "lab",
            "instance_id": self.ground.record["instance_id"], "audience": "actionplane", "incident": "", "run": "", "step": "1",
            "agent": "", "requester": "shell", "action": ACTION, "action_version": version, "params": planned["parameters"],
            "target": planned["plan"]["resources"][0], "state_fingerprint": planned["plan"]["fingerprint"], "evidence_digest": "",
            "option_digest": "", "policy_id": "", "policy_version": 0, "epoch": planned["detail"]["epoch"],
            "decided_by": [self.name], "iat": now, "nbf": now, "exp": now + 60_000,
        } | changes

    def grant(self, **changes):
        return text(self.payload(**changes), self.key)


def send(ground, grant, action=ACTION, key="operator", idempotency=None, **members):
    """Asks ActionPlane to carry out what the grant says."""
    return ground.ask("action", "POST", f"/action/{action}", {"grant": grant} | members, key=key,
                      headers={"Idempotency-Key": idempotency or secrets.token_hex(8)})


def done(answer):
    """The run that had an effect; nothing when it had none."""
    status, document = answer
    result = document.get("data", document)
    return result.get("run") if status == 200 and result.get("state") == "done" else None


def refused(answer, *statuses):
    """What is wrong with an answer that should have been a refusal."""
    status, document = answer
    if status in statuses:
        return None
    result = document.get("data", document)
    if status == 200 and result.get("state") == "not_done":
        return None
    return f"answered {status} {json.dumps(document)[:160]}"
