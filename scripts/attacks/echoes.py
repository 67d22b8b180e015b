import os
import subprocess

from grants import Unproven
from ground import SERVICES

# What a lab keeps secrets in on purpose.
KEPT = (".key", ".env", ".keys", ".yaml")


class Echoes:
    """Whether any secret of the lab stands in an answer, a log, a journal, an event, a report, the records or a process's arguments."""

    NAME = "echoes"

    @classmethod
    def run(cls, ground):
        secrets = {secret.encode(): name for secret, name in ground.secrets.items()}
        if len(secrets) < 12 or not any(name.startswith("key-") or "/key-" in name for name in secrets.values()):
            raise Unproven(f"only {len(secrets)} secrets are known")
        for service in SERVICES:
            for path in ("/health", "/ready", "/metrics", "/openapi.json", "/nowhere"):
                ground.ask(service, "GET", path)
        yield "answers", "; ".join(sorted(ground.told)[:5]) or None
        for place in ("lab", "target", "reports", "shared"):
            read, found = 0, set()
            for path in cls.files(f"{ground.home}/{place}"):
                text, read = open(path, "rb").read(), read + 1
                found |= {f"{name} in {os.path.relpath(path, ground.home)}" for secret, name in secrets.items() if secret in text}
            yield f"{read} files of {place}", "; ".join(sorted(found)[:5]) or None
        for database, folder in [("agentops", "a"), ("db", "t")]:
            dump = subprocess.run(["pg_dump", "-h", f"{ground.record['sockets']}/{folder}", "-p", str(ground.port(database)), "-U", "postgres",
                                   {"a": "agentops", "t": "shop"}[folder]], capture_output=True)
            if dump.returncode != 0:
                raise Unproven(f"the database {database} cannot be read: {dump.stderr[-200:]}")
            yield f"the database {database}", "; ".join(name for secret, name in secrets.items() if secret in dump.stdout) or None
        found = set()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            for name in ("cmdline", "environ"):
                try:
                    text = open(f"/proc/{pid}/{name}", "rb").read()
                except OSError:  # gone in between
                    continue
                found |= {f"{known} in {name} of {text[:40]}" for secret, known in secrets.items() if secret in text}
        yield "arguments and environments", "; ".join(sorted(found)) or None
        status, answer = ground.ask("gate", "GET", "/api/v1/audit-logs?limit=500")
        yield "the audit chain", None if status == 200 and answer["data"]["rows"] else f"answered {status}, or is empty"
        yield "the chain is whole", None if answer["data"]["chain"]["whole"] else str(answer["data"]["chain"])[:200]

    @staticmethod
    def files(folder):
        """Whatever is written to tell of something: no settings, and no databases' own files."""
        for place, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name not in ("pg", "config", "baseline", "var")]
            for name in names:
                path = f"{place}/{name}"
                if os.path.isfile(path) and not name.endswith(KEPT) and name not in ("db-operator", "db-report"):
                    yield path

    WEAK = "files of lab"

    @staticmethod
    def weaken(ground):
        """A service writes its key to its log."""
        with open(f"{ground.home}/lab/log/gate.log", "a") as log:
            log.write(f'{{"message": "asked with {ground.key("gate")}"}}\n')
