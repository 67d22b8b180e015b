"""The lab that is attacked: its doors and keys, and what in it says that an attack came through."""
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from journal import lines

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
# The services with an API, by what they are called among a lab's ports.
SERVICES = ("gate", "action", "chaos", "observer")
# A pace at which no limit answers in the place of what is attacked.
FAST = {"actions_per_minute": 10_000, "plans_per_minute": 100_000}


class Here(urllib.request.HTTPRedirectHandler):
    """Goes nowhere: that somebody is led elsewhere is the answer."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(Here)


class NoLab(Exception):
    """There is nothing to attack."""


class Ground:
    """A lab of its own; `close` removes it.

    `wants` may name the words for `up` and the pace. Usually there is no agent, so that nobody but the attacker asks for anything.
    """

    def __init__(self, name, wants):
        self.name, self.wants, self.told, self.is_weak = name, wants, set(), False
        self.opslab("down", "--purge")
        answer = self.opslab("up", *wants.get("up", ("--without", "agent")))
        if answer.returncode != 0:
            raise NoLab(f"no lab: {answer.stderr[-400:] or answer.stdout[-400:]}")
        self.home = os.path.realpath(json.loads(self.opslab("status", "--json").stdout)["home"])
        self.people = f"{os.path.dirname(self.home)}/people"
        self.record = json.load(open(f"{self.home}/instance.json"))
        self.secrets = self.read_secrets()
        self.set("action", **wants.get("pace", FAST))
        self.allowed = set()
        self.rest = self.look()

    def close(self):
        self.opslab("down", "--purge")

    def opslab(self, *words, **options):
        return subprocess.run([f"{ROOT}/opslab", *words, "--instance", self.name], capture_output=True, text=True, cwd=ROOT, **options)

    # Its services.

    def supervise(self, *words):
        return subprocess.run(["supervisorctl", "-s", f"unix://{self.record['sockets']}/lab.sock", *words],
                              capture_output=True, text=True).stdout

    def set(self, service, **settings):
        """Adds settings to those of a service, and starts it again."""
        with open(f"{self.home}/lab/{service}/service.yaml", "a") as file:
            file.writelines(f"{name}: {json.dumps(value)}\n" for name, value in settings.items())
        self.restart(service)

    def restart(self, service, between=lambda: None):
        """Stops a service, does something, and returns when it is ready again."""
        self.supervise("stop", service)
        between()
        self.supervise("start", service)
        self.wait(f"{service} is ready", 20, lambda: self.ask(service, "GET", "/ready", key=None)[0] == 200)

    def wait(self, what, seconds, condition):
        end = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > end:
                raise NoLab(f"not within {seconds} s: {what}")
            time.sleep(0.05)
        return found

    # What a person may change in a lab of their own, to make it weak.

    def trust(self, change):
        """Changes whom ActionPlane trusts, and what it demands."""
        rewrite(f"{self.home}/lab/action/trust.json", change)
        self.rest = self.look()

    def open_door(self, service, principal, *scopes, entry={}):
        """Has a service take a key that the gate knows, with these scopes, and with other words about who holds it."""
        known = next(entry for entry in json.load(open(f"{self.home}/lab/gate/keys.json")) if entry["principal"] == principal)

        def change(entries):
            entries[:] = [entry for entry in entries if entry["principal"] != principal] + [known | {"scopes": list(scopes)} | entry]

        rewrite(f"{self.home}/lab/{service}/keys.json", change)

    # Keys and doors.

    def key(self, principal):
        return open(f"{self.home}/secrets/key-{principal}").read().strip()

    def keys(self):
        return sorted(name.removeprefix("key-") for name in os.listdir(f"{self.home}/secrets") if name.startswith("key-"))

    def read_secrets(self):
        """Every text that belongs in no answer and no record, and the file that holds it."""
        found = {}
        for place, folder in [(self.home, f"{self.home}/secrets"), *((self.people, f"{self.people}/{name}") for name in os.listdir(self.people))]:
            for name in os.listdir(folder):
                for word in open(f"{folder}/{name}", errors="replace").read().split():
                    if len(word) >= 24:
                        found[word] = os.path.relpath(f"{folder}/{name}", place)
        return found

    def port(self, service):
        return self.record["ports"][service]

    def ask(self, service, method, path, body=None, key="operator", headers=None, timeout=20):
        """Status and answer of one request; status 0 when there is no answer. `body` is bytes, or becomes JSON.

        `key` is the name of a principal, or a key itself.
        """
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        key = key and (self.key(key) if len(key) < 24 else key)
        fields = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {}) | (headers or {})
        request = urllib.request.Request(f"http://127.0.0.1:{self.port(service)}{path}", method=method, data=data, headers=fields)
        try:
            with OPENER.open(request, timeout=timeout) as answer:
                return answer.status, self.read(service, path, answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, self.read(service, path, refusal)
        except (OSError, ValueError) as failure:
            return 0, {"error": f"{type(failure).__name__} {failure}"}

    def read(self, service, path, answer):
        """The document of an answer, with its fields under `headers`; notes the secrets that it tells."""
        text = answer.read().decode(errors="replace")
        self.told |= {f"{service} {path} told {name}" for secret, name in self.secrets.items() if secret in text + str(answer.headers)}
        try:
            document = json.loads(text)
        except ValueError:
            document = {"text": text[:500]}
        return (document if isinstance(document, dict) else {"data": document}) | {"headers": dict(answer.headers)}

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
        return lines(f"{self.home}/lab/action/journal/journal.log")

    def intents(self):
        return {entry["line"]["run"] for entry in self.journal() if entry["kind"] == "intent"}

    def look(self):
        """Where the world stands: what the shop is made of, what is broken on purpose, who decides, and who may act by itself."""
        chaos = [self.ask("chaos", "GET", path)[1].get("data") for path in ("/faults", "/kill")]
        return {
            "the shop's flags": self.sql("db", "SELECT name, enabled FROM feature_flags ORDER BY name"),
            "the shop's tables": self.sql("db", "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"),
            "the shop's configuration": open(f"{self.home}/target/config/shop.env", "rb").read(),
            "the list of trusted keys": open(f"{self.home}/lab/action/trust.json", "rb").read(),
            "the faults": json.dumps(chaos[0]), "the latch of the kill switch": json.dumps((chaos[1] or {}).get("latched")),
            "the agents' stop": self.sql("agentops", "SELECT is_stopped FROM agentops.epochs WHERE org_id = 'lab'"),
            "the autonomy": json.dumps(self.ask("gate", "GET", "/api/v1/autonomy")[1].get("data")),
        }

    def sql(self, database, statement):
        """Rows of the shop's or the records' database, as its owner reads them."""
        folder, name = {"db": ("t", "shop"), "agentops": ("a", "agentops")}[database]
        answer = subprocess.run(["psql", "-X", "-A", "-t", "-q", "-h", f"{self.record['sockets']}/{folder}", "-p", str(self.port(database)),
                                 "-U", "postgres", "-d", name, "-c", statement], capture_output=True, text=True)
        if answer.returncode != 0:
            raise NoLab(f"psql: {answer.stderr.strip()}")
        return answer.stdout

    def allow(self, *runs):
        """A person has allowed these runs of an action."""
        self.allowed |= set(runs) - {None}

    def strange(self):
        """What is not as it may be: an effect that nobody allowed, a world that changed, a service that is gone."""
        found = [f"ActionPlane began {run}, which nobody allowed" for run in self.intents() - self.allowed]
        self.allowed |= self.intents()
        for service in SERVICES:
            status, _ = self.ask(service, "GET", "/healthz", key=None, timeout=5)
            if status != 200:
                found.append(f"{service} answers its health check with {status}")
                self.wait(f"{service} is back", 30, lambda: self.ask(service, "GET", "/ready", key=None)[0] == 200)
        now = self.look()
        found += [f"{what} changed" for what in now if now[what] != self.rest[what]]
        self.rest = now
        return found


def rewrite(path, change):
    """Changes a document where it lies, so that it stays its owner's."""
    document = json.load(open(path))
    change(document)
    with open(path, "w") as file:
        json.dump(document, file)
