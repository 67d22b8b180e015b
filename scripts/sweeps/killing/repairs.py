"""What somebody may repair while a fault is on. An undo has to leave it exactly as it was made, whoever falls meanwhile."""
import hashlib
import os
import shutil
import subprocess

from mutants import answer, program


class Password:
    """The role gets its password once more: another salt, and so another verifier, of which not one byte may change."""

    def prepare(self, cell):
        self.cell = cell
        self.original = self.verifier()

    def make(self, cell):
        self.before = self.verifier()
        secret = open(f"{cell.lab.home}/secrets/db-shop").read().strip()
        answer(cell, f"ALTER ROLE shop PASSWORD '{secret}'")
        self.made = self.verifier()
        cell.baseline = {**cell.baseline, "role shop": cell.census.look()["role shop"]}

    def verifier(self):
        return answer(self.cell, "SELECT rolpassword FROM pg_authid WHERE rolname = 'shop'")

    def is_kept(self):
        return self.verifier() == self.made != self.before

    def forget(self):
        answer(self.cell, f"ALTER ROLE shop PASSWORD '{self.original}'")


class Start:
    """The program is started: that very process goes on."""

    def prepare(self, cell):
        self.cell = cell

    def make(self, cell):
        subprocess.run(["supervisorctl", "-s", f"unix://{cell.lab.record['sockets']}/target.sock", "start", "api-1"],
                       stdout=subprocess.DEVNULL, check=True)
        self.made = program(cell, "api-1")

    def is_kept(self):
        return self.made > 0 and program(self.cell, "api-1") == self.made

    def forget(self):
        """The next cell may have it as it is."""


class Turn:
    """The flag is turned off: as it was before, and since another time."""

    name = "loyalty-points"

    def prepare(self, cell):
        self.cell = cell
        self.original = self.flag()

    def make(self, cell):
        answer(cell, f"UPDATE feature_flags SET enabled = false WHERE name = '{self.name}'")
        self.made = self.flag()
        cell.baseline = {**cell.baseline, f"flag {self.name}": cell.census.look()[f"flag {self.name}"]}

    def flag(self):
        return answer(self.cell, f"SELECT enabled, updated_at, updated_by FROM feature_flags WHERE name = '{self.name}'")

    def is_kept(self):
        return self.flag() == self.made != self.original

    def forget(self):
        enabled, at, by = self.original.split("|")
        answer(self.cell, f"UPDATE feature_flags SET enabled = '{enabled}', updated_at = '{at}', updated_by = '{by}' WHERE name = '{self.name}'")


class TurnLists(Turn):
    """The same of the flag by which lists are promised; the promises are not cleared, so that they are left to the undo."""

    name = "immutable-lists"


class Refill:
    """The table is made again with its rows by somebody who has a dump of it: that very table stays, and nothing is kept aside."""

    def prepare(self, cell):
        self.cell = cell
        place = ["-h", f"{cell.census.sockets}/t", "-p", str(cell.census.ports["db"]), "-U", "postgres", "-d", "shop"]
        self.restore = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *place]
        self.dump = subprocess.run(["pg_dump", "-t", "public.products", *place], capture_output=True, text=True, check=True).stdout
        self.keys = answer(cell, "SELECT string_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s;', conrelid::regclass, conname,"
                                 " pg_get_constraintdef(oid)), '') FROM pg_constraint WHERE confrelid = 'products'::regclass")

    def make(self, cell):
        subprocess.run(self.restore, input=self.dump, stdout=subprocess.DEVNULL, text=True, check=True)
        answer(cell, self.keys)
        self.made = self.table()

    def table(self):
        return answer(self.cell, "SELECT 'products'::regclass::oid, md5(string_agg(p::text, '' ORDER BY id)) FROM products p")

    def is_kept(self):
        return self.table() == self.made

    def forget(self):
        """The next cell may have it as it is."""


class Rotation:
    """The providers take the shop's key again, and a new one beside it: of that list not one byte may change."""

    def prepare(self, cell):
        self.path = f"{cell.lab.home}/target/config/provider.keys"
        self.original = self.read()

    def make(self, cell):
        with open(f"{self.path}.made", "w") as file:
            file.write(self.original + hashlib.sha256(b"a key of the sweep").hexdigest() + "\n")
        shutil.copystat(self.path, f"{self.path}.made")
        shutil.chown(f"{self.path}.made", os.stat(self.path).st_uid, os.stat(self.path).st_gid)
        os.rename(f"{self.path}.made", self.path)
        self.made = self.read()
        cell.baseline = {**cell.baseline, "file provider.keys": cell.census.look()["file provider.keys"]}

    def read(self):
        with open(self.path) as file:
            return file.read()

    def is_kept(self):
        return self.read() == self.made != self.original

    def forget(self):
        with open(self.path, "w") as file:
            file.write(self.original)


ALL = {"db-credential": Password, "api-crash": Start, "flag-defect": Turn, "cache-stale": TurnLists,
       "upstream-credential": Rotation}
