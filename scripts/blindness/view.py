"""All that the interfaces of a lab tell an agent, as text, and the words in it.

More than an agent gets: it asks Observer directly, at any time, what an agent may only ask through an incident; and it reads
what services tell anybody without a key.
"""
import json
import re
import subprocess
import urllib.error
import urllib.request

OPEN = ["/health", "/metrics", "/openapi.json", "/"]
DOORS = ["web", "observer", "gate", "action", "chaos"]


class View:
    """What can be seen of the lab of this name; it has to be up."""

    def __init__(self, lab):
        self.home = json.loads(run("status", "--json", "--instance", lab))["home"]
        with open(f"{self.home}/instance.json") as record:
            self.ports = json.load(record)["ports"]
        self.keys = {}
        for name in ("operator", "agent"):
            with open(f"{self.home}/secrets/key-{name}") as file:
                self.keys[name] = file.read().strip()
        self.components = [c["name"] for c in self.ask("observer", "/view", "operator")["data"]["components"]]
        self.reads = self.ask("observer", "/reads", "operator")["data"]

    def fetch(self, service, path, key=None, body=None):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.keys[key]}"} if key else {})
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports[service]}{path}", headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read().decode(errors="replace")
        except urllib.error.HTTPError as refusal:
            return refusal.read().decode(errors="replace")
        except OSError as failure:  # what is broken on purpose may not answer
            return f"no answer: {type(failure).__name__}"

    def ask(self, service, path, key, body=None):
        return json.loads(self.fetch(service, path, key, body))

    def answers(self):
        """The answer to every read about every component."""
        questions = [{"read": read} | ({"component": c} if c else {}) for read in self.reads
                     for c in [None] + self.components]
        for first in range(0, len(questions), 64):
            yield from self.ask("observer", "/reads", "operator", {"reads": questions[first:first + 64]})["data"]["answers"]

    def texts(self):
        """Where from, and what, for all that can be seen now."""
        for answer in self.answers():
            yield f"{answer['read']} {answer.get('component', '')}", json.dumps(answer)
        for path in ("/journeys", "/pages", "/view", "/runbooks"):
            yield f"observer {path}", self.fetch("observer", path, "operator")
        yield "gate /agent/incidents", self.fetch("gate", "/agent/incidents", "agent")
        for service in DOORS:
            for path in OPEN:
                yield f"{service} {path}", self.fetch(service, path)


def run(*words):
    """What `opslab` prints."""
    return subprocess.run(["./opslab", *words], check=True, capture_output=True, text=True).stdout


# Random by nature: identifiers, digests, the ends of client names.
RANDOM = re.compile(r"\b[a-z]{2,5}-(?=[a-z0-9]*[0-9])[a-z0-9]{6,}\b|\b(?=[0-9a-f]*[0-9])[0-9a-f]{6,}\b|\[[0-9a-z]{4,}\]")


def words(text):
    """The words of a text; times, numbers, process ids and identifiers are not words."""
    return set(re.findall(r"[A-Za-z][A-Za-z_-]+", RANDOM.sub(" ", text)))
