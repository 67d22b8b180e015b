import os
import pty
import re
import subprocess
import threading
import tty

from agents import Agent
from grants import Unproven, refused
from ground import ROOT

ESC, BELL, CSI = "\x1b", "\x07", "\x9b"
SUMMARY = (f"{ESC}[2J{ESC}[1;1Happroved by you{ESC}]0;title{BELL}{ESC}]52;c;cm0gLXJm{BELL}{CSI}31m\u202eevil\u2066\u200b\u061c"
           "\r\nAPPROVED  option 1\rAPPROVED\u2028APPROVED")
# What a terminal obeys, and what turns the direction of a line; colours are the command line's own.
OBEYED = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9f\u061c\u200b\u2028\u202a-\u202e\u2066-\u2069]|\x1b(?!\\[[0-9;]*m)|^APPROVED", re.M)


class Escapes:
    """Escapes of a terminal and turned lines in all that an alert and an agent say, looked for in what the command line shows."""

    NAME = "terminal-escapes"

    @classmethod
    def run(cls, ground):
        agent = Agent(ground, name="agent \u202eevil\u2066\u200b\u061c", summary=SUMMARY)
        approval = agent.propose(SUMMARY)
        loud = ground.ask("gate", "POST", "/agent/incidents/x/claim", {"agent": SUMMARY[:100], "version": "1"}, key="agent")
        yield "an agent's name", refused(loud, "name_invalid", "unknown_incident")
        try:
            for words in (["incidents"], ["incident", "show", agent.incident], ["incident", "show", agent.incident, "--evidence"],
                          ["approvals"], ["approvals", "--all"], ["agents"], ["audit", "list"], ["status"],
                          ["approve", approval, "--option", "9"], ["deny", approval, "--reason", SUMMARY], ["approvals", "--all"],
                          ["incident", "show", agent.incident], ["audit", "list"],
                          ["logs", "gate", "-n", "200"]):
                for place, said in [("a terminal", shown(ground, *words)), ("a pipe", piped(ground, *words))]:
                    if words[:2] == ["incident", "show"] and "approved by you" not in said:
                        raise Unproven("the words are not shown at all")
                    bad = OBEYED.search(said)
                    yield f"opslab {' '.join(words[:2]).split(ESC)[0]} in {place}", (
                        f"shows {bad[0]!r} in {said[max(0, bad.start() - 40):bad.end() + 20]!r}" if bad else None)
        finally:
            agent.close()


def piped(ground, *words):
    answer = ground.opslab(*words)
    return answer.stdout + answer.stderr


def shown(ground, *words):
    """What a command writes to a terminal that changes nothing of it."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    came = []

    def read():
        try:
            while part := os.read(ours, 65_536):
                came.append(part)
        except OSError:  # the other side is closed
            pass

    reader = threading.Thread(target=read)
    reader.start()
    subprocess.run([f"{ROOT}/opslab", *words, "--instance", ground.name], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=ROOT)
    os.close(theirs)
    reader.join(5)
    os.close(ours)
    return b"".join(came).decode(errors="replace")
