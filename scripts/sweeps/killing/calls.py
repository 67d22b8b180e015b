"""An injector with nothing but a cache to break, and one run of it under the shim of Tests/injector."""
import glob
import hashlib
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from world import checksum

VERBS = ("serve", "guard", "hold", "revert")
KINDS = ("fsync", "write", "rename", "connect", "send", "open", "spawn")
HOWS = ("before", "after", "fail")
LEASE_S = 3
BOUND_S = 5.0


class Bench:
    """What all cells share: the program as it ships, the shim, a key."""

    def __init__(self, root, room):
        self.root, self.room = root, room
        self.program = f"{root}/.build/release/ChaosServer"
        self.shim = f"{room}/injector.so"
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o", self.shim,
                        f"{root}/Tests/injector/injector.c", "-ldl"], check=True)
        prefix = secrets.token_hex(4)
        self.key = f"opl_{prefix}_{secrets.token_urlsafe(32)}"
        with open(f"{room}/keys.json", "w") as file:
            json.dump([{"prefix": prefix, "sha256": hashlib.sha256(self.key.encode()).hexdigest(), "principal": "sweep",
                        "scopes": ["chaos"], "root": "sweep"}], file)

    def run(self, cell):
        one = Cell(self, cell)
        return one.run(), one.hit


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Cell:
    """One run, in a directory of its own."""

    def __init__(self, bench, cell):
        self.bench, self.cell = bench, cell
        self.room = tempfile.mkdtemp(dir=bench.room)
        self.state, self.cache, self.board = (f"{self.room}/{name}" for name in ("chaos", "cache", "board"))
        for name in ("chaos", "cache", "claims", "locks"):
            os.mkdir(f"{self.room}/{name}")
        with open(self.board, "wb") as file:
            file.write(bytes(64))
        self.fill()
        bindings = {
            "runtime": "local", "isolation": "I0", "instance": "calls", "instance_id": "00", "supervisor": f"{self.room}/none.sock",
            "components": {"cache": {"kind": "directory", "path": self.cache}}, "config": {},
            "shared": {"claims": f"{self.room}/claims", "locks": f"{self.room}/locks"}}
        with open(f"{self.room}/bindings.json", "w") as file:
            json.dump(bindings, file)
        self.hit, self.counted = False, [0] * len(KINDS)

    def fill(self):
        """The entries of a cache that the shop has filled."""
        for number in range(6):
            content = b'{"data":[{"id":%d,"price_cents":100}]}' % number
            with open(f"{self.cache}/products-{number}.entry", "wb") as file:
                file.write(b"shop-cache 1 crc32c=%x expires=4000000000\n" % checksum(content) + content)

    def run(self):
        """What is wrong afterwards; an empty list when nothing is."""
        self.wrong = []
        try:
            self.start(self.cell)
            fault = self.break_it() if self.comes_up(4) else None
            if fault and self.server.poll() is None:
                self.ask("DELETE", f"/faults/{fault}")
            self.judge()
        finally:
            self.close()
        self.counted, self.hit = self.read_board()
        return self.wrong

    def forgetting(self):
        """All three fall while a fault holds, and its journal is gone: what a fault without a line would leave."""
        self.wrong = []
        try:
            self.start(None)
            self.comes_up(5)
            self.break_it()
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)
            subprocess.run(["rm", "-rf", f"{self.state}/faults"], check=True)
            self.judge()
        finally:
            self.close()
        return self.wrong

    def start(self, cell):
        environment = {"PATH": "/usr/bin:/bin"}
        if cell:
            environment |= dict(zip(("INJECT_VERB", "INJECT_CALL", "INJECT_N", "INJECT_HOW"), map(str, cell)),
                                LD_PRELOAD=self.bench.shim, INJECT_BOARD=self.board)
        self.port = free_port()
        self.server = subprocess.Popen(
            [self.bench.program, "serve", "--listen", f"127.0.0.1:{self.port}", "--kill-listen", f"127.0.0.1:{free_port()}",
             "--guard-socket", f"{self.room}/guard.sock", "--state", self.state, "--topology", f"{self.bench.root}/compose/topology.yaml",
             "--bindings", f"{self.room}/bindings.json", "--keys", f"{self.bench.room}/keys.json", "--log-level", "error"],
            env=environment, cwd="/", start_new_session=True, stdout=subprocess.DEVNULL, stderr=open(f"{self.room}/log", "ab"))

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.bench.key}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=8) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")
        except (OSError, ValueError):
            return 0, {}

    def break_it(self):
        status, answer = self.ask("POST", "/break/cache/corrupt", {"target": "cache", "lease_s": LEASE_S})
        return answer["data"]["id"] if status == 201 else None

    def is_well(self):
        status, answer = self.ask("GET", "/health")
        return status == 200 and "on duty" in json.dumps(answer)

    def comes_up(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.server.poll() is None:
            if self.is_well():
                return True
            time.sleep(0.02)
        return False

    def judge(self):
        """Whoever fell is started again, as a supervisor does it."""
        left = self.residue_after(BOUND_S + (LEASE_S if self.server.poll() is None else 0))
        self.wrong += left
        if not left:
            self.wrong += self.another()

    def residue_after(self, seconds):
        """What is left then, or nothing as soon as nothing is."""
        end = time.monotonic() + seconds
        while True:
            if self.server.poll() is not None:
                self.start(None)
            left = self.residue()
            if not left or time.monotonic() > end:
                return left
            time.sleep(0.05)

    def residue(self):
        left = [f"damaged {os.path.basename(path)}" for path in sorted(glob.glob(f"{self.cache}/*")) if not self.is_sound(path)]
        left += [f"process {verb}" for verb in ("hold", "revert") for _ in self.processes(verb)]
        status, answer = self.ask("GET", "/faults?open=true")
        return left + ([f"open {fault['id']} {fault['state']}" for fault in answer["data"]] if status == 200 else [f"no answer {status}"])

    @staticmethod
    def is_sound(path):
        try:
            head, _, content = open(path, "rb").read().partition(b"\n")
        except FileNotFoundError:
            return True
        return path.endswith(".entry") and f"crc32c={checksum(content):x} ".encode() in head

    def another(self):
        """What is wrong with the next fault. The call may come only now; then whoever fell is started again, and the one after it counts."""
        said = None
        for _ in range(3):
            is_up = self.comes_up(4)
            self.lift_latch()
            self.fill()
            fault = self.break_it() if is_up else None
            said = self.ask("DELETE", f"/faults/{fault}")[0] if fault else "not begun"
            left = self.residue_after(BOUND_S + LEASE_S)
            if left:
                return [f"another fault: {word}" for word in left]
            if said == 200:
                return []
            self.stop()
            self.start(None)
        return [f"it takes no other fault: {said}"]

    def lift_latch(self):
        """A disk that failed has raised it; a person looks and goes on."""
        status, answer = self.ask("GET", "/kill")
        if status == 200 and answer["data"]["latched"]:
            self.ask("POST", "/resume", {"kill_id": answer["data"]["kill_id"], "reason": "looked at"})

    def processes(self, verb=None):
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                words = open(f"/proc/{entry}/cmdline", "rb").read().decode(errors="replace").split("\0")
                if os.path.realpath(f"/proc/{entry}/cwd") == "/" and words[0].endswith("/ChaosServer") and verb in (None, words[1]) \
                        and (self.room in " ".join(words) or words[1] == "hold" and self.is_child(entry)):
                    found.append(int(entry))
            except OSError:
                pass
        return found

    def is_child(self, entry):
        """A holder has no arguments; its log lies in this cell's directory."""
        return any(os.path.realpath(link).startswith(self.room) for link in glob.glob(f"/proc/{entry}/fd/*"))

    def read_board(self):
        numbers = struct.unpack("8Q", open(self.board, "rb").read())
        return list(numbers[:len(KINDS)]), numbers[len(KINDS)] > 0

    def stop(self):
        if self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(8)
            except subprocess.TimeoutExpired:
                self.server.kill()
        self.server.wait()

    def close(self):
        self.stop()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
