"""Things left behind on purpose by a broken step, each of a kind that a fault might leave; the census has to see every one.

Each `plant`s itself while a cell is judged and says in `word` what the cell then has to complain of.
"""
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request


class Session:
    """A session that nobody's program has the other end of."""
    word = "session shop-report-00000000"

    def plant(self, cell):
        self.client = subprocess.Popen(
            database(cell, "SELECT pg_sleep(60)"), env={**os.environ, "PGAPPNAME": "shop-report-00000000"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def remove(self):
        self.client.kill()
        self.client.wait()


class Stopped:
    """A process of the shop that is held still."""
    word = "process worker: none -> held still"

    def plant(self, cell):
        self.process = program(cell, "worker")
        os.kill(self.process, signal.SIGSTOP)

    def remove(self):
        os.kill(self.process, signal.SIGCONT)


class Verifier:
    """A role with another password."""
    word = "role report"

    def plant(self, cell):
        self.cell = cell
        self.before = answer(cell, "SELECT rolpassword FROM pg_authid WHERE rolname = 'report'")
        answer(cell, "ALTER ROLE report PASSWORD 'another'")

    def remove(self):
        answer(self.cell, f"ALTER ROLE report PASSWORD '{self.before}'")


class Column:
    """A column that is not called as the programs call it."""
    word = "column orders.note"

    def plant(self, cell):
        self.cell = cell
        answer(cell, "ALTER TABLE orders RENAME remark TO note")

    def remove(self):
        answer(self.cell, "ALTER TABLE orders RENAME note TO remark")


class Rows:
    """A table that has lost a row."""
    word = "rows of products"

    def plant(self, cell):
        self.cell = cell
        answer(cell, "CREATE TABLE lost_row AS TABLE products; SET session_replication_role = replica;"
                     " DELETE FROM products WHERE id = 2000")

    def remove(self):
        answer(self.cell, "SET session_replication_role = replica; INSERT INTO products SELECT * FROM lost_row WHERE id = 2000;"
                          " DROP TABLE lost_row")


class Aside:
    """Rows that are still kept where nobody looks."""
    word = "schema archive_left"

    def plant(self, cell):
        self.cell = cell
        answer(cell, "CREATE SCHEMA archive_left; CREATE TABLE archive_left.products AS TABLE products")

    def remove(self):
        answer(self.cell, "DROP SCHEMA archive_left CASCADE")


class Entry:
    """A cached entry that is not what its checksum says."""
    word = "entry products-left.entry"

    def plant(self, cell):
        self.path = f"{cell.lab.home}/target/var/cache/products-left.entry"
        with open(self.path, "w") as file:
            file.write("shop-cache 1 crc32c=00000000 expires=4000000000\n{}")

    def remove(self):
        os.unlink(self.path)


class Promise(Entry):
    """A cached entry that is sound and stays whatever changes."""
    word = "entry products-left.entry: none -> was promised to stay"

    def plant(self, cell):
        self.path = f"{cell.lab.home}/target/var/cache/products-left.entry"
        with open(self.path, "w") as file:
            file.write("shop-cache 1 crc32c=00000000 expires=4000000000 immutable\n")


class Down:
    """A program that nobody has started again."""
    word = "program report: none -> down"

    def plant(self, cell):
        self.words = ["supervisorctl", "-s", f"unix://{cell.lab.record['sockets']}/target.sock"]
        subprocess.run(self.words + ["stop", "report"], stdout=subprocess.DEVNULL, check=True)

    def remove(self):
        subprocess.run(self.words + ["start", "report"], stdout=subprocess.DEVNULL, check=True)


class Rule:
    """A way that stays closed in the kernel."""
    word = "closed ways of api-1"
    needs_root = True

    def plant(self, cell):
        self.set = ["inet", cell.census.mark + "api-1", "held"]
        subprocess.run(["nft", "add", "element", *self.set, "{ 127.0.0.11 . 127.0.0.1 . 9 timeout 60s }"], check=True)

    def remove(self):
        subprocess.run(["nft", "flush", "set", *self.set], check=True)


class Toxic:
    """A way that stays bad in the proxy that is in it."""
    word = "toxic latency_upstream of api-1:payments-a"
    needs_proxy = True

    def plant(self, cell):
        self.cell = cell
        self.ask("POST", "/proxies/api-1:payments-a/toxics", b'{"type": "latency", "stream": "upstream", "attributes": {"latency": 1}}')

    def remove(self):
        self.ask("DELETE", "/proxies/api-1:payments-a/toxics/latency_upstream")

    def ask(self, method, path, body=None):
        lab = self.cell.lab
        request = urllib.request.Request(f"http://127.0.0.1:{lab.record['ports']['proxy']}{path}", method=method, data=body,
                                         headers={"Authorization": f"Bearer {lab.key}", "Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=5).close()


class Child:
    """A process of the injector's user that outlived its fault."""
    word = "process sleep 60 of the injector's user"
    needs_root = True

    def plant(self, cell):
        user = next(iter(cell.census.users))
        self.child = subprocess.Popen(["setpriv", f"--reuid={user}", "--clear-groups", "--", "sleep", "60"])
        time.sleep(0.1)  # until it has become that user

    def remove(self):
        self.child.kill()
        self.child.wait()


class Strain:
    """A process that is still slower than it was."""
    word = "strain api-2"

    def plant(self, cell):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(f"{cell.census.sockets}/s/api-2.sock")
        self.over = threading.Event()
        threading.Thread(target=self.keep, daemon=True).start()

    def keep(self):
        strain = {"token": "left", "kind": "delay", "amount": 1, "seconds": 10}
        while not self.over.is_set():
            self.line.sendall(json.dumps({"set": strain}).encode() + b"\n")
            self.line.recv(65536)
            self.over.wait(2)
        self.line.close()

    def remove(self):
        self.over.set()


class Flag:
    """A flag that is still on."""
    word = "flag banner"

    def plant(self, cell):
        self.cell = cell
        self.before = answer(cell, "SELECT updated_at FROM feature_flags WHERE name = 'banner'")
        answer(cell, "UPDATE feature_flags SET enabled = true WHERE name = 'banner'")

    def remove(self):
        answer(self.cell, f"UPDATE feature_flags SET enabled = false, updated_at = '{self.before}' WHERE name = 'banner'")


class Job:
    """A job in the queue that no worker knows."""
    word = "job 9999999999"

    def plant(self, cell):
        self.cell = cell
        answer(cell, "INSERT INTO jobs (id, kind, payload, run_at) OVERRIDING SYSTEM VALUE VALUES (9999999999, 'left', '', now() + '1 h')")

    def remove(self):
        answer(self.cell, "DELETE FROM jobs WHERE id = 9999999999")


class Copy:
    """A copy of somebody's configuration that the injector has kept."""
    word = "kept copy left"

    def plant(self, cell):
        directory = f"{cell.lab.home}/lab/chaos/kept"
        os.makedirs(directory, mode=0o700, exist_ok=True)
        owner = os.stat(f"{cell.lab.home}/lab/chaos")
        os.chown(directory, owner.st_uid, owner.st_gid)
        self.path = f"{directory}/left"
        open(self.path, "w").close()

    def remove(self):
        os.unlink(self.path)


ALL = [Session, Stopped, Verifier, Column, Rows, Aside, Entry, Promise, Down, Rule, Toxic, Child, Strain, Flag, Job, Copy]


def database(cell, text):
    return ["psql", "-X", "-A", "-t", "-q", "-h", f"{cell.census.sockets}/t", "-p", str(cell.census.ports["db"]),
            "-U", "postgres", "-d", "shop", "-c", text]


def answer(cell, text):
    return subprocess.run(database(cell, text), capture_output=True, text=True, check=True).stdout.strip()


def program(cell, name):
    """The process of this program of the shop."""
    said = subprocess.run(["supervisorctl", "-s", f"unix://{cell.lab.record['sockets']}/target.sock", "pid", name],
                          capture_output=True, text=True, check=True).stdout
    return int(said)
