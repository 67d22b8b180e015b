"""The record of a sweep as a table in Markdown, with date, machine and what was swept."""
import collections
import datetime
import os
import platform
import subprocess


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = int(open("/proc/meminfo").readline().split()[1]) >> 20
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    return f"{datetime.date.today()}, {os.cpu_count()} x {model}, {memory} GiB, Linux {platform.release()}, commit {commit}"


def rank(values, share):
    """The share of values by nearest rank, as text."""
    values = sorted(value for value in values if value is not None)
    return f"{values[max(0, -(-len(values) * share // 100) - 1)]:.2f}" if values else "-"


def group(rows, key):
    found = collections.OrderedDict()
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def render(rows, planned):
    bad = [row for row in rows if row["wrong"]]
    text = [f"### Killed and stopped at every transition\n\n{machine()}\n",
            f"{len(rows)} of {planned} cells run, {len(bad)} with something wrong.\n",
            "The thread that wrote a line is held between the sync of that line and its next instruction, by a preloaded shim;",
            "`holding` is some moment after the request was answered, `repaired` one after a repair, which has to stay as it is. Seconds from the last signal. At `closing` and `closed` the",
            "holder has ended already: there the process that undoes takes its place. A guard that falls alone is replaced and the",
            "fault goes on: then the seconds count from the request that ends it. Bounds: 5 s to clean and 10 s to contented customers;",
            "12 s and 25 s where the database itself fell and reads its log again.\n"]
    for key in ("fault", "transition", "victims", "signal"):
        text += [f"| {key} | cells | wrong | clean p50 | p99 | max | serves max | customers p50 | max |", "|---|---|---|---|---|---|---|---|---|"]
        for name, part in group(rows, key).items():
            column = lambda word: [row.get(word) for row in part]
            text.append(f"| {name} | {len(part)} | {sum(bool(row['wrong']) for row in part)} | {rank(column('clean_s'), 50)} | "
                        f"{rank(column('clean_s'), 99)} | {rank(column('clean_s'), 100)} | {rank(column('serves_s'), 100)} | "
                        f"{rank(column('journeys_s'), 50)} | {rank(column('journeys_s'), 100)} |")
        text.append("")
    text += [f"- WRONG {describe(row)}: {' / '.join(row['wrong'])}" for row in bad]
    return "\n".join(text) + "\n"


def describe(row):
    return f"{row['fault']} at {row['transition']}, {row['signal']} {row['victims']}"
