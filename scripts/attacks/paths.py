import collections
import ctypes
import os
import random
import shutil
import threading
import time
from urllib.parse import quote

from grants import Person, Unproven, done, send, word

WAYS = ("../../secrets/key-operator", "..%2f..%2fsecrets%2fkey-operator", "....//....//secrets/key-operator", "/etc/passwd", "//etc/passwd",
        "%2e%2e/%2e%2e/secrets/key-operator", "..\\..\\secrets\\key-operator", "x%00.md", "%c0%ae%c0%ae/passwd", "..;/secrets", "~root", "")

libc = ctypes.CDLL(None, use_errno=True)


class Paths:
    """Ways out of a directory, in paths and in parameters, and links in the place of what is acted upon."""

    NAME = "paths"

    @classmethod
    def run(cls, ground):
        book = ground.ask("observer", "GET", "/runbooks")[1]["data"][0]["id"]
        if ground.ask("observer", "GET", f"/runbooks/{book}")[0] != 200:
            raise Unproven("a runbook cannot be read")
        for way in WAYS:
            for service, path in [("observer", f"/runbooks/{way}"), ("gate", f"/api/v1/incidents/{way}"), ("gate", f"/api/v1/policies/{way}"),
                                  ("chaos", f"/faults/{way}"), ("chaos", f"/schedules/{way}"), ("chaos", f"/monkey/plans/{way}"),
                                  ("action", f"/action/runs/{way}")]:
                status, answer = ground.ask(service, "GET", quote(path, safe="/%\\;~"))
                told = "root:x:0" in str(answer) or any(secret in str(answer) for secret in ground.secrets)
                lists = way == "" and status == 200  # a path without its last segment is a list, or nothing
                yield f"{service} {path[:40]}", "told a secret" if told else None if 400 <= status < 500 or lists else f"answered {status}"
            for action, parameters in [("clear-cache", {"component": way}), ("free-disk", {"component": way}), ("restore-db", {"table": way}),
                                       ("regenerate-env", {"file": way}), ("set-config", {"component": "api", "key": way, "value": "1"}),
                                       ("restart-service", {"component": way}), ("rotate-credential", {"key": way})]:
                status, answer = ground.ask("action", "POST", f"/action/{action}", {"dry_run": True, "parameters": parameters})
                yield f"{action} {way[:30]}", None if answer.get("code") == "invalid_parameters" else f"answered {status} {str(answer)[:100]}"
        yield from cls.links(ground)

    @classmethod
    def links(cls, ground):
        """Links that the shop's own user could lay, to what ActionPlane may change and the shop may not."""
        person, outside = Person(ground), f"{ground.home}/outside"
        owner = os.stat(f"{ground.home}/target/var/cache")
        os.mkdir(outside)
        for name in ("keep", "keep.part", "keep.entry"):
            open(f"{outside}/{name}", "w").write("this stays")
            os.utime(f"{outside}/{name}", (0, 0))
        for path in (outside, *(f"{outside}/{name}" for name in os.listdir(outside))):
            os.chown(path, owner.st_uid, owner.st_gid)
            os.chmod(path, 0o777)
        try:
            yield from cls.scratch(ground, person, outside)
            yield from cls.cache(ground, person, outside)
        finally:
            shutil.rmtree(outside)

    @classmethod
    def scratch(cls, ground, person, outside):
        """free-disk, where the directory holds links and where a directory in it becomes one while it works."""
        scratch = f"{ground.home}/target/var/scratch"
        real = f"{scratch}/attack.part"
        open(real, "w").write("x" * 4_096)
        os.utime(real, (0, 0))
        for name, place in [("link.part", f"{outside}/keep"), ("folder.part", outside), ("tmp", outside)]:
            if not os.path.lexists(f"{scratch}/{name}"):
                os.symlink(place, f"{scratch}/{name}")
        answer = send(ground, person.grant(action="free-disk", parameters={"component": "scratch"}), action="free-disk")
        ground.allow(done(answer))
        if os.path.exists(real):
            raise Unproven(f"free-disk removes nothing: {answer}")
        yield "free-disk among links", cls.gone(outside)
        for name in ("link.part", "folder.part", "tmp"):
            if os.path.islink(f"{scratch}/{name}"):
                os.unlink(f"{scratch}/{name}")

    @classmethod
    def cache(cls, ground, person, outside):
        """clear-cache, where the directory is a link, and where it turns into one and back all the time."""
        cache, aside = f"{ground.home}/target/var/cache", f"{ground.home}/target/var/aside"
        os.rename(cache, aside)
        os.symlink(outside, cache)
        status, answer = ground.ask("action", "POST", "/action/clear-cache", {"dry_run": True, "parameters": {"component": "cache"}})
        planned = (answer.get("data") or {}).get("state")
        yield "clear-cache of a link", f"is planned: {answer}" if planned == "planned" else cls.gone(outside)
        os.unlink(cache)
        os.rename(aside, cache)
        os.symlink(outside, aside)
        over, said = threading.Event(), collections.Counter()

        def turn():
            while not over.is_set():
                exchange(cache, aside)
                time.sleep(random.uniform(0, 0.001))
                exchange(cache, aside)
                time.sleep(random.uniform(0, 0.01))

        for _ in range(300):
            if said["done"] > 20 and said.total() - said["done"] > 20:
                break
            grant = person.grant()
            over.clear()
            thread = threading.Thread(target=turn)
            thread.start()
            try:
                answer = send(ground, grant)
            finally:
                over.set()
                thread.join()
            if os.path.islink(cache):
                exchange(cache, aside)
            said[word(answer)] += 1
            ground.allowed |= ground.intents()
        if "done" not in said or not said.keys() & {"not_done facts_drifted", "not_done not_permitted"}:
            raise Unproven(f"no race: {dict(said)}")
        yield f"clear-cache while its directory becomes a link: {dict(said)}", cls.gone(outside)
        os.unlink(aside) if os.path.islink(aside) else shutil.rmtree(aside)

    @staticmethod
    def gone(outside):
        left = sorted(name for name in os.listdir(outside) if name.startswith("keep"))
        return None if left == ["keep", "keep.entry", "keep.part"] else f"outside there is only {left}"


def exchange(one, other):
    """Lets two names change places, in one step."""
    if libc.renameat2(-100, one.encode(), -100, other.encode(), 2) != 0:
        raise OSError(ctypes.get_errno(), f"{one} and {other} do not change places")
