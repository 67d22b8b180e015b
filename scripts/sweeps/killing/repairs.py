"""What somebody may repair while a fault is on. An undo has to leave it exactly as it was made, whoever falls meanwhile."""
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

    def prepare(self, cell):
        self.cell = cell
        self.original = self.flag()

    def make(self, cell):
        answer(cell, "UPDATE feature_flags SET enabled = false WHERE name = 'loyalty-points'")
        self.made = self.flag()
        cell.baseline = {**cell.baseline, "flag loyalty-points": cell.census.look()["flag loyalty-points"]}

    def flag(self):
        return answer(self.cell, "SELECT enabled, updated_at, updated_by FROM feature_flags WHERE name = 'loyalty-points'")

    def is_kept(self):
        return self.flag() == self.made != self.original

    def forget(self):
        enabled, at, by = self.original.split("|")
        answer(self.cell, f"UPDATE feature_flags SET enabled = '{enabled}', updated_at = '{at}', updated_by = '{by}' WHERE name = 'loyalty-points'")


ALL = {"db-credential": Password, "api-crash": Start, "flag-defect": Turn}
