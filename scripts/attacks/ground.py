"""The lab that is attacked: its doors and keys, and what in it says that an attack came through."""
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
# The services with an API, by what they are called among a lab's ports.
SERVICES = ("gate", "action", "chaos", "observer")


class NoLab(Exception):
    """There is nothing to attack."""


class Ground:
    """A lab without an agent, so that nobody but the attacker asks for anything; `close` removes it."""

    def __init__(self, name):
        self.name = name
        self.opslab("down", "--purge")
        self.bring_up()
        self.allowed = set()
        self.rest = self.look()

    def bring_up(self):
        answer = self.opslab("up")
        if answer.returncode != 0:
            raise NoLab(f"no lab: {answer.stderr[-400:] or answer.stdout[-400:]}")
        self.home = json.loads(self.opslab("status", "--json").stdout)["home"]
        self.record = json.load(open(f"{self.home}/instance.json"))
        self.supervise("stop", "agent")

    def close(self):
        self.opslab("down", "--purge")

    def opslab(self, *words, **options):
        return subprocess.run([f"{ROOT}/opslab", *words, "--instance", self.name], capture_output=True, text=True, cwd=ROOT, **options)

    def supervise(self, *words):
        return subprocess.run(["supervisorctl", "-s", f"unix://{self.record['sockets']}/lab.sock", *words],
                              capture_output=True, text=True).stdout

    # Keys and doors.

    def key(self, principal):
        return open(f"{self.home}/secrets/key-{principal}").read().strip()

    def port(self, service):
        return self.record["ports"][service]

    def ask(self, service, method, path, body=None, key="operator", headers=None, timeout=20):
        """Status and answer of one request; status 0 when there is no answer. `body` is bytes, or becomes JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        lines = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key(key)}"} if key else {}) | (headers or {})
        request = urllib.request.Request(f"http://127.0.0.1:{self.port(service)}{path}", method=method, data=data, headers=lines)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, read(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, read(refusal)
        except (OSError, ValueError) as failure:
            return 0, {"error": type(failure).__name__}

    def raw(self, service, data, timeout=3.0):
        """What comes back for these bytes until the other side closes or says no more."""
        came = b""
        with socket.create_connection(("127.0.0.1", self.port(service)), timeout=timeout) as line:
            try:
                line.sendall(data)
                while part := line.recv(65_536):
                    came += part
            except OSError:
                pass
        return came

    def routes(self, service):
        """Method and path of each route, as the service itself describes them."""
        status, document = self.ask(service, "GET", "/openapi.json")
        if status != 200:
            raise NoLab(f"{service} does not describe itself: {status}")
        for path, methods in document["paths"].items():
            for method in methods:
                yield method.upper(), path

    # What says that something came through.

    def journal(self):
        """The lines of ActionPlane's journal."""
        for line in open(f"{self.home}/lab/action/journal/journal.log", "rb").read().replace(b"\0", b"").splitlines():
            yield json.loads(line[18:])

    def intents(self):
        return {entry["line"]["run"] for entry in self.journal() if entry["kind"] == "intent"}

    def look(self):
        """Where the world stands: flags, the cache's directory, configuration, and who is registered to decide."""
        flags = self.sql("SELECT name, enabled FROM feature_flags ORDER BY name")
        tables = self.sql("SELECT count(*) FROM pg_class WHERE relkind = 'r'")
        config = open(f"{self.home}/shared/shop.env", "rb").read() if os.path.exists(f"{self.home}/shared/shop.env") else b""
        trust = open(f"{self.home}/lab/action/trust.json", "rb").read()
        return {"flags": flags, "tables of the shop": tables, "configuration": config, "trust": trust}

    def sql(self, statement):
        answer = subprocess.run(["psql", "-h", f"{self.record['sockets']}", "-p", str(self.port("db")), "-U", "postgres", "-d", "shop",
                                 "-At", "-c", statement], capture_output=True, text=True)
        return answer.stdout

    def allow(self, run):
        """A person has allowed this run of an action."""
        self.allowed.add(run)

    def strange(self):
        """What is not as it may be: an effect that nobody allowed, a world that changed, a service that is gone."""
        found = [f"ActionPlane began {run}, which nobody allowed" for run in self.intents() - self.allowed]
        self.allowed |= self.intents()
        now = self.look()
        found += [f"{what} changed" for what in now if now[what] != self.rest[what]]
        self.rest = now
        for service in SERVICES:
            status, _ = self.ask(service, "GET", "/healthz", key=None, timeout=5)
            if status != 200:
                found.append(f"{service} answers its health check with {status}")
        return found

    def wait(self, what, seconds, condition):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise NoLab(f"not within {seconds} s: {what}")
            time.sleep(0.05)


def read(answer):
    text = answer.read()
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text[:500].decode(errors="replace")}
