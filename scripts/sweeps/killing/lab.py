"""A lab whose injector runs under Tests/injector, so that it can be held at any line of a fault's journal."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))


class Failure(Exception):
    """The lab is not as a sweep needs it."""


def wait_for(what, seconds, condition, pause=0.02):
    """What the condition gives once it gives something; a failure when it gives nothing for so long."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(pause)


class Lab:
    """Started at once; `close` removes it."""

    def __init__(self, name, at_most=None, is_watched=True, is_proxied=False):
        """`at_most` so many faults at once, in the place of the topology's number; without `is_watched` it runs as it ships."""
        self.is_proxied = is_proxied
        self.name, self.at_most, self.is_watched, self.entries = name, at_most, is_watched, None
        self.room = tempfile.mkdtemp(prefix="opslab-sweep-")
        os.chmod(self.room, 0o755)  # service users read the shim
        self.halts = f"{self.room}/halts"
        os.mkdir(self.halts)
        os.chmod(self.halts, 0o777)
        shim = f"{self.room}/injector.so"
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o", shim,
                        f"{ROOT}/Tests/injector/injector.c", "-ldl"], check=True)
        self.opslab("down", "--purge")
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        answer = self.opslab("up", *(["--proxied"] if self.is_proxied else []))
        if answer.returncode != 0:
            raise Failure(f"up: {answer.stdout[-500:]} {answer.stderr[-500:]}")
        self.home = json.loads(self.opslab("status", "--json").stdout)["home"]
        self.record = json.load(open(f"{self.home}/instance.json"))
        self.key = open(f"{self.home}/secrets/key-operator").read().strip()
        self.state = f"{self.home}/lab/chaos"
        self.heard = 0
        self.supervise("stop", "chaos")
        if self.at_most:
            self.replace(f"{self.home}/topology.yaml", r"at_most: \d+", f"at_most: {self.at_most}")
        if self.is_watched:
            self.preload()
        self.supervise("start", "chaos")
        self.supervise("stop", "agent")  # nobody but the injector shall repair here
        wait_for("the injector is on duty", 15, self.is_on_duty)

    def opslab(self, *words):
        return subprocess.run([f"{ROOT}/opslab", *words, "--instance", self.name], capture_output=True, text=True, cwd=ROOT)

    def close(self):
        self.opslab("down", "--purge")
        shutil.rmtree(self.room, ignore_errors=True)

    def renew(self):
        """Another lab in the place of one that is not clean."""
        self.opslab("down", "--purge")
        self.start()

    def supervise(self, *words):
        return subprocess.run(["supervisorctl", "-s", f"unix://{self.record['sockets']}/lab.sock", *words],
                              capture_output=True, text=True).stdout

    def preload(self):
        """Has the lab's supervisor start the injector with the shim."""
        words = f'environment=LD_PRELOAD="{self.room}/injector.so",INJECT_HALT="{self.halts}",'
        self.replace(f"{self.home}/lab/supervisord.conf", r"(?s)(\[program:chaos\]\n.*?)environment=", lambda found: found[1] + words)
        self.supervise("reread")
        self.supervise("update", "chaos")

    @staticmethod
    def replace(path, pattern, replacement):
        text = open(path).read()
        with open(path, "w") as file:
            file.write(re.sub(pattern, replacement, text, count=1))

    # The injector's API, as the person at the command line uses it.

    def ask(self, method, path, body=None, timeout=30, kill=False):
        """Status and answer; status 0 when there is none."""
        port = self.record["ports"]["kill" if kill else "chaos"]
        key = open(f"{self.state}/kill.key").read().strip() if kill else self.key
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")
        except (OSError, ValueError) as failure:
            return 0, {"error": type(failure).__name__}

    def catalogue(self):
        """What can be broken, as the injector says it; asked once."""
        if self.entries is None:
            status, answer = self.ask("GET", "/catalog")
            if status != 200:
                raise Failure(f"no catalogue: {status} {answer}")
            self.entries = answer["data"]
        return self.entries

    def open_faults(self):
        """The ids of open faults; None when nobody answers."""
        status, answer = self.ask("GET", "/faults?open=true", timeout=3)
        return [fault["id"] for fault in answer["data"]] if status == 200 else None

    def is_on_duty(self):
        status, answer = self.ask("GET", "/health", timeout=1)
        return status == 200 and "on duty" in json.dumps(answer)

    def journeys(self):
        """The last half seconds of what customers lived; none when the load does not answer."""
        url = f"http://127.0.0.1:{self.record['ports']['load']}/journeys?after={self.heard}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                buckets = json.loads(answer.read())["data"]
        except OSError:
            return []
        self.heard = max([self.heard] + [bucket["seq"] - 40 for bucket in buckets])
        return buckets

    # The injector's processes.

    def processes(self, verb):
        """Ids of the lab's injector processes with this verb."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                words = open(f"/proc/{entry}/cmdline", "rb").read().split(b"\0")
                if words[1:2] == [verb.encode()] and os.readlink(f"/proc/{entry}/exe") == f"{self.home}/bin/ChaosServer":
                    found.append(int(entry))
            except OSError:
                pass
        return found

    def guard(self):
        """The guard's id, from the file by which others find it too."""
        try:
            return json.load(open(f"{self.state}/guard.json"))["pid"]
        except (OSError, ValueError):
            return None

    # Transitions.

    def hold_at(self, step):
        for name in ("reached", "go", "step"):
            try:
                os.unlink(f"{self.halts}/{name}")
            except FileNotFoundError:
                pass
        with open(f"{self.halts}/step.new", "w") as file:
            file.write(step)
        os.rename(f"{self.halts}/step.new", f"{self.halts}/step")

    def reached(self):
        """The process that is held; None as long as nobody is."""
        try:
            text = open(f"{self.halts}/reached").read()
        except FileNotFoundError:
            return None
        return int(text) if re.fullmatch(r"\d+\n", text) else None

    def let_go(self):
        try:
            os.unlink(f"{self.halts}/step")
        except FileNotFoundError:
            pass
        open(f"{self.halts}/go", "w").close()


def send(pid, signum):
    """Whether there was anybody to send it to."""
    try:
        os.kill(pid, signum)
        return True
    except ProcessLookupError:
        return False


SIGNALS = {"KILL": signal.SIGKILL, "STOP": signal.SIGSTOP}
