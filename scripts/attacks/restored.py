import os
import shutil

from agents import Agent
from approvals import Approvals
from grants import Person, Unproven, carried, refused, send
from ground import NoLab


class Restored:
    """The records' database put back to a copy of earlier: questions that were answered wait again, and runs never were."""

    NAME = "restored"
    LAB = {"up": ("--without", "agent")}

    @classmethod
    def run(cls, ground):
        person, agent = Person(ground), Agent(ground)
        path = f"/api/v1/approvals/{agent.propose()}"
        data = f"{ground.home}/lab/pg"
        copy = f"{data}-of-earlier"
        cls.without_database(ground, lambda: shutil.rmtree(copy, ignore_errors=True) or cls.copy(data, copy))
        before, yes = ground.intents(), Approvals.decision(ground, path, person.name, person.key)
        answer = ground.ask("gate", "POST", f"{path}/approve", yes)
        if answer[0] != 200:
            raise Unproven(f"a person cannot approve: {answer}")
        ground.wait("it is carried out", 10, lambda: ground.intents() - before)
        ground.allow(*ground.intents())
        ground.wait("the gate has signed how its records stand", 20, lambda: cls.vouched(ground) >= cls.rows(ground))
        try:
            ground.supervise("stop", "gate")
            cls.without_database(ground, lambda: cls.swap(data, copy), gate=False)
            found = refused(send(ground, person.grant()), "not_done database_rolled_back")
        finally:
            ground.supervise("start", "gate")
            ground.wait("the gate is ready", 30, lambda: ground.ask("gate", "GET", "/ready", key=None)[0] == 200)
        stopped = cls.stopped(ground)
        ground.rest = ground.look()
        yield cls.WEAK, found
        yield "agents are stopped without anybody's word", stopped
        gone = ("approval_decided", "approval_superseded", "incident_closed", "agents_stopped", "grant_invalid", "epoch_stale")
        yield "the same yes once more", refused(ground.ask("gate", "POST", f"{path}/approve", yes), *gone)
        yield "a grant before anybody has looked", refused(send(ground, person.grant()), "not_done epoch_stale", "not_done database_rolled_back")
        ground.ask("gate", "POST", "/api/v1/controls/resume-agents", {"reason": "looked at"})
        ground.rest = ground.look()
        yield "the same yes after agents may go on", refused(ground.ask("gate", "POST", f"{path}/approve", yes), *gone)
        carried(ground, send(ground, person.grant()))
        agent.close()

    @staticmethod
    def without_database(ground, work, gate=True):
        ground.supervise("stop", "agentops-db")
        work()
        ground.supervise("start", "agentops-db")
        ground.wait("the records answer", 30, lambda: answers(ground))
        if gate:
            ground.wait("the gate is ready", 30, lambda: ground.ask("gate", "GET", "/ready", key=None)[0] == 200)

    @staticmethod
    def copy(source, target):
        """Whole, with owners and rights: PostgreSQL takes no other's directory."""
        shutil.copytree(source, target, symlinks=True, copy_function=kept)
        for folder, _, _ in os.walk(target):
            like(f"{source}{folder.removeprefix(target)}", folder)

    @staticmethod
    def swap(data, copy):
        shutil.rmtree(data)
        os.rename(copy, data)

    @staticmethod
    def rows(ground):
        return int(ground.sql("agentops", "SELECT seq FROM agentops.audit_heads WHERE org_id = 'lab'"))

    @staticmethod
    def vouched(ground):
        """The last row of which the gate has signed that it stood there."""
        chain = ground.ask("gate", "GET", "/api/v1/audit-logs?limit=1")[1]["data"]["chain"]
        return chain["covered"]

    @staticmethod
    def stopped(ground):
        try:
            ground.wait("agents are stopped", 15, lambda: ground.sql(
                "agentops", "SELECT is_stopped FROM agentops.epochs WHERE org_id = 'lab'").strip() == "t")
        except NoLab as reason:
            return str(reason)
        return None

    WEAK = "a grant under records that have forgotten a run"


def kept(source, target):
    shutil.copy2(source, target)
    like(source, target)


def like(source, target):
    owner = os.lstat(source)
    os.chown(target, owner.st_uid, owner.st_gid)


def answers(ground):
    try:
        return ground.sql("agentops", "SELECT 1").strip() == "1"
    except NoLab:
        return False
