import os


class Echoes:
    """Whether any secret of the lab stands in a log, a journal, a report or the audit chain, after all that was tried."""

    NAME = "echoes"

    @classmethod
    def run(cls, ground):
        secrets = {}
        folder = f"{ground.home}/secrets"
        for name in os.listdir(folder):
            text = open(f"{folder}/{name}", errors="replace").read().strip() if os.path.isfile(f"{folder}/{name}") else ""
            for word in text.split():
                if len(word) >= 24:
                    secrets[word.encode()] = name
        yield "there are secrets to look for", None if len(secrets) > 5 else f"only {len(secrets)}"
        for place in ("lab", "target", "reports", "shared"):
            found = set()
            for path in cls.files(f"{ground.home}/{place}"):
                text = open(path, "rb").read()
                found |= {f"{name} in {os.path.relpath(path, ground.home)}" for secret, name in secrets.items() if secret in text}
            yield f"files of {place}", "; ".join(sorted(found)[:5]) or None
        status, answer = ground.ask("gate", "GET", "/api/v1/audit-logs?limit=500")
        yield "the audit chain", None if status == 200 and not any(word.decode() in str(answer) for word in secrets) else f"{status}"
        yield "the chain is whole", None if answer.get("data", answer).get("chain", {}).get("state") in ("whole", None) else str(answer)[:200]

    @staticmethod
    def files(folder):
        """Whatever is written to tell of something: no settings, and no databases' own files."""
        for place, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name not in ("pg", "snapshots", "pgdata")]
            for name in names:
                path = f"{place}/{name}"
                if name.endswith((".log", ".jsonl", ".json", ".md")) and os.path.isfile(path) and name != "keys.json":
                    yield path
