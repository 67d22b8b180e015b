"""Grants as a person's own command line makes them, and as somebody makes them who has not got the key."""
import base64
import ctypes
import ctypes.util
import hashlib
import json
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

    def __init__(self, seed):
        public, self.secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
        sodium.crypto_sign_seed_keypair(public, self.secret, seed)
        self.public = public.raw
        self.name = hashlib.sha256(self.public).hexdigest()[:16]

    @classmethod
    def of(cls, path):
        """The pair in a file as the lab writes it: a word, the name, the seed."""
        _, name, seed = open(path).read().split()
        key = cls(bytes.fromhex(seed))
        if key.name != name:
            raise OSError(f"{path} names another key than it holds")
        return key

    def sign(self, message):
        signature = ctypes.create_string_buffer(64)
        sodium.crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(len(message)), self.secret)
        return signature.raw

    def trusted(self, name):
        """The entry of a list of trusted keys that lets this one sign as `name`."""
        return {"kid": self.name, "name": name, "public": plain(self.public)}


# Somebody of whom the lab has never heard; the same in every run, so that a weakened lab can be told of them.
STRANGER = Key(hashlib.sha256(b"a stranger").digest())


def text(payload, key):
    """The grant as it travels."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return f"{plain(data)}.{plain(key.sign(DOMAIN + data))}"


def plain(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Person:
    """Somebody who may decide, with the key of their own."""

    def __init__(self, ground, name="you", key=None):
        self.ground, self.name = ground, name
        self.key = key or Key.of(f"{ground.people}/{name}/approver.key")

    def payload(self, action=ACTION, parameters=PARAMETERS, **changes):
        """What this person would sign for the action now, with some of it changed."""
        status, answer = self.ground.ask("action", "POST", f"/action/{action}", {"dry_run": True, "parameters": parameters})
        if status != 200:
            raise Unproven(f"a dry run is answered with {status}: {answer}")
        planned, now = answer["data"], int(time.time() * 1_000)
        _, catalogue = self.ground.ask("action", "GET", "/catalog")
        version = next(entry["version"] for entry in catalogue["data"] if entry["name"] == action)
        return {
            "v": 1, "kid": self.key.name, "grant_id": secrets.token_hex(16), "kind": "human", "org": "lab",
            "instance_id": self.ground.record["instance_id"], "audience": "actionplane", "incident": "", "run": "", "step": "1",
            "agent": "", "requester": "shell", "action": action, "action_version": version, "params": planned["parameters"],
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
    result = document.get("data") or {}
    return result.get("run") if status == 200 and result.get("state") == "done" else None


def carried(ground, answer):
    """The run that a grant of a person's led to, which is allowed from now on; without one the class shows nothing."""
    run = done(answer)
    if not run:
        raise Unproven(f"a good grant is not carried out: {word(answer)}")
    ground.allow(run)
    return run


class Unproven(Exception):
    """What should work does not, so that refusals prove nothing."""


def word(answer):
    """What an answer says in a word: the state and code of a run, or the code of a refusal and its reason."""
    status, document = answer
    result = document.get("data")
    if isinstance(result, dict) and "state" in result:
        return " ".join(filter(None, (result["state"], (result.get("detail") or {}).get("code"))))
    reason = (document.get("details") or {}).get("reason")
    return " ".join(filter(None, (document.get("code") or f"status {status}", reason)))


def refused(answer, *words):
    """What is wrong with an answer that should have been a refusal in one of these words."""
    said = word(answer)
    return None if said in words else f"answered {answer[0]} {said}: {json.dumps(answer[1])[:160]}"
