"""What the world of a lab is like, read from the kernel, the database and the disk, and never from the injector's own records.

`Census.look` gives facts by their names; two looks differ where something was left behind. What a running shop changes by
itself (rows, process numbers, cached entries) is no fact; that a cached entry has the checksum that it names, and was not
promised to stay, is one.
"""
import glob
import hashlib
import json
import os
import socket
import subprocess
import time
import urllib.request

from lab import Failure


def crc32c_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ 0x82F63B78 if value & 1 else value >> 1
        table.append(value)
    return table


TABLE = crc32c_table()

PROGRAMS = ("TargetServer", "ActionPlane", "ChaosServer", "Observer", "ControlPlane")
FACTS = """
SET application_name = 'census';
SELECT 'role ' || rolname, md5(a::text) FROM pg_authid a
UNION ALL SELECT 'database ' || datname, concat(datallowconn, datconnlimit) FROM pg_database
UNION ALL SELECT concat('settings of ', setdatabase, '/', setrole), setconfig::text FROM pg_db_role_setting
UNION ALL SELECT 'relation ' || oid::regclass, concat(relkind, reloptions, relrowsecurity, relacl)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT concat('column ', attrelid::regclass, '.', attname), atttypid::regtype::text FROM pg_attribute a
  JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'schema ' || nspname, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_'
UNION ALL SELECT 'rows of products', CASE WHEN to_regclass('products') IS NULL THEN 'gone' ELSE
  (xpath('//n/text()', query_to_xml('SELECT count(*) AS n FROM products', false, true, '')))[1]::text END
UNION ALL SELECT 'step ' || number, concat(checksum, applied_at) FROM schema_migrations
UNION ALL SELECT 'index ' || indexrelid::regclass, concat(indisvalid, indisready) FROM pg_index i
  JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT concat('trigger ', tgrelid::regclass, ' ', tgname), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'constraint ' || conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'function ' || oid::regprocedure, md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'setting ' || name, setting FROM pg_settings WHERE source NOT IN ('default', 'session', 'override', 'client')
UNION ALL SELECT 'job ' || id, kind FROM jobs WHERE kind <> 'fulfil'
UNION ALL SELECT 'prepared ' || gid, '' FROM pg_prepared_xacts
UNION ALL SELECT 'flag ' || name, concat_ws(' ', enabled, updated_at, updated_by) FROM feature_flags
UNION ALL SELECT 'port ' || coalesce(client_port, -1) || ' ' || pid, application_name FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""

ESTABLISHED = "01"  # of /proc/net/tcp
# Programs that give up on a statement, or are done, while the server is still at it: then nobody has the other end of their
# sessions for a moment. No fault borrows these names.
GIVING_UP = ("shop-api-", "action")


def checksum(content):
    value = 0xFFFFFFFF
    for byte in content:
        value = value >> 8 ^ TABLE[(value ^ byte) & 255]
    return value ^ 0xFFFFFFFF


class Census:
    """Of one lab; `home` and `record` as it wrote them."""

    def __init__(self, home, record):
        self.home, self.sockets, self.ports = home, record["sockets"], record["ports"]
        self.is_proxied = record.get("proxied", False)
        self.mark = f"opslab-{record['instance_id'][:12]}-"
        self.programs = [line[len("[program:"):-1] for line in open(f"{home}/target/supervisord.conf").read().splitlines()
                         if line.startswith("[program:")]
        self.users = {os.stat(f"{home}/lab/chaos").st_uid} - {0, os.geteuid()}
        self.entries = {}

    def look(self, besides=()):
        """`besides` are processes that the sweep itself holds still: that they are is no fact."""
        facts = {}
        self.besides = set(map(str, besides))
        owners = self.look_at_processes(facts)
        self.look_at_database(facts, owners)
        self.look_at_files(facts)
        self.look_at_packet_filter(facts)
        self.look_at_strains(facts)
        self.look_at_toxics(facts)
        return facts

    def rest(self, seconds=40):
        """The facts of a world in which everything is up and two looks do not differ."""
        end, before = time.monotonic() + seconds, {}
        while True:
            after = self.look()
            unrest = self.differences(before, after) + [name for name in after if name.startswith(("program ", "process ", "session ", "entry ", "strain ", "relief ", "toxic "))]
            if not unrest and after["database"] == "answers":
                return after
            if time.monotonic() > end:
                raise Failure(f"the world does not come to rest: {'; '.join(unrest)[:400]}")
            before = after
            time.sleep(1)

    @staticmethod
    def differences(before, after):
        """In words, one for each fact that is not as it was.

        A relief is what an undo leaves on purpose, and ends by itself; the world is not at rest before that.
        """
        return sorted(f"{name}: {before.get(name, 'none')} -> {after.get(name, 'none')}"
                      for name in before.keys() | after.keys()
                      if before.get(name) != after.get(name) and not name.startswith("relief "))

    def look_at_processes(self, facts):
        """Gives the local ports of the lab's own programs, without those of the injector's holders and undos."""
        inodes, up = set(), set()
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                up.add(self.look_at_process(facts, f"/proc/{entry}", inodes))
            except OSError:
                continue  # it ended while it was looked at
        for program in self.programs:
            if program not in up | {"db"}:
                facts[f"program {program}"] = "down"
        return self.local_ports(inodes)

    def look_at_process(self, facts, place, inodes):
        """Gives the name of the shop's program that it is, if it is one."""
        program = os.readlink(f"{place}/exe")
        words = open(f"{place}/cmdline", "rb").read().decode(errors="replace").split("\0")
        is_ours = program.startswith(f"{self.home}/bin/")
        user = os.stat(place).st_uid
        if not is_ours and f"{self.home}/" not in " ".join(words) and user not in self.users:
            return None
        stat = open(f"{place}/stat").read().rpartition(")")[2].split()
        name = " ".join([os.path.basename(program)] + words[1:2])
        settings = next((word for word in words if word.startswith(f"{self.home}/target/")), None)
        shop = os.path.basename(settings)[:-len(".yaml")] if is_ours and settings else None
        is_awaited = os.path.basename(place) not in self.besides
        if stat[0] in "Tt" and is_awaited:
            facts[f"process {shop or name}"] = "held still"
        if is_ours and words[1:2] in (["hold"], ["revert"]):
            if is_awaited:
                facts[f"process {name}"] = "running"
            return None
        if user in self.users and os.path.basename(program) not in PROGRAMS:  # other labs have the same users
            facts[f"process {name} of the injector's user"] = "running"
        if shop:
            limits = open(f"{place}/limits").read() + open(f"{place}/oom_score_adj").read() + stat[16]
            facts[f"limits of {shop}"] = hashlib.sha256(limits.encode()).hexdigest()[:12]
        if is_ours:
            for number in os.listdir(f"{place}/fd"):
                target = os.readlink(f"{place}/fd/{number}")
                if target.startswith("socket:["):
                    inodes.add(target[8:-1])
        return shop

    @staticmethod
    def local_ports(inodes=None):
        """Ports from which these sockets talk; all that anybody talks from without any."""
        rows = [line.split() for name in ("tcp", "tcp6") for line in open(f"/proc/net/{name}").readlines()[1:]]
        return {int(row[1].rpartition(":")[2], 16) for row in rows if (row[3] == ESTABLISHED if inodes is None else row[9] in inodes)}

    def look_at_database(self, facts, owners):
        """A session is one of the shop's when a program of the shop has the other end of it."""
        answer = subprocess.run(
            ["psql", "-X", "-A", "-t", "-q", "-F", "\x1f", "-R", "\x1e", "-h", f"{self.sockets}/t", "-p", str(self.ports["db"]),
             "-U", "postgres", "-d", "shop", "-c", FACTS], capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "PGCONNECT_TIMEOUT": "2", "PGOPTIONS": "-c statement_timeout=2000"})
        facts["database"] = "answers" if answer.returncode == 0 else "does not answer"
        rows = [row.partition("\x1f")[::2] for row in answer.stdout.rstrip("\n").split("\x1e")] if answer.returncode == 0 else []
        facts.update({name: value[:80] for name, value in rows if not name.startswith("port ")})
        sessions = {int(name.split()[1]): value for name, value in rows if name.startswith("port ")}
        if not sessions.keys() <= owners:
            owners = owners | self.look_at_processes({})  # one that began after the first look
        strangers = {port: value for port, value in sessions.items() if port not in owners}
        talking = self.local_ports() if strangers else set()
        facts.update({f"session {value}": "of nobody who belongs here" for port, value in strangers.items()
                      if port in talking or not value.startswith(GIVING_UP)})

    def look_at_files(self, facts):
        for path in glob.glob(f"{self.home}/target/config/*") + glob.glob(f"{self.home}/target/pg/*.conf"):
            if os.path.isfile(path):
                facts[f"file {os.path.basename(path)}"] = hashlib.sha256(open(path, "rb").read()).hexdigest()[:12]
        for path in glob.glob(f"{self.home}/target/var/cache/*.entry"):
            fault = self.damage(path)
            if fault:
                facts[f"entry {os.path.basename(path)}"] = fault
        for path in glob.glob(f"{self.home}/lab/chaos/kept/*"):
            facts[f"kept copy {os.path.basename(path)}"] = "there"
        used = sum(os.lstat(path).st_blocks * 512 for path in glob.glob(f"{self.home}/target/var/scratch/**", recursive=True)
                   if os.path.lexists(path))
        facts["scratch"] = "full" if used > 48 << 20 else "has room"

    def damage(self, path):
        """What is wrong with a cached entry; looked at once for each file that takes the name."""
        try:
            status = os.stat(path)
            known = (status.st_ino, status.st_mtime_ns, status.st_size)
            if self.entries.get(path, (None,))[0] != known:
                head, _, content = open(path, "rb").read().partition(b"\n")
                words = dict(word.partition(b"=")[::2] for word in head.split())
                sound = int(words.get(b"crc32c", b"-1"), 16) == checksum(content)
                fault = None if sound else "is not what its checksum says"
                self.entries[path] = (known, fault or ("was promised to stay" if b"immutable" in head.split() else None))
            return self.entries[path][1]
        except OSError:
            return None  # replaced while it was looked at

    def look_at_packet_filter(self, facts):
        answer = subprocess.run(["nft", "-j", "list", "ruleset"], capture_output=True, text=True) if os.geteuid() == 0 else None
        if answer is None or answer.returncode != 0:
            return
        for item in json.loads(answer.stdout)["nftables"]:
            for kind in ("set", "rule"):
                part = item.get(kind, {})
                if part.get("table", "").startswith(self.mark):
                    table = part["table"][len(self.mark):]
                    if kind == "rule" and "@" not in json.dumps(part["expr"]):  # one that asks a set does nothing without its elements
                        facts[f"rule {table} {part['handle']}"] = json.dumps(part["expr"])[:200]
                    elif part.get("elem"):
                        facts[f"closed ways of {table} {part['name']}"] = "some"

    def look_at_toxics(self, facts):
        """What the proxies in the ways do to them; one that is being started again does nothing."""
        if not self.is_proxied:
            return
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['proxy']}/proxies",
                                         headers={"Authorization": "Bearer " + open(f"{self.home}/secrets/key-operator").read().strip()})
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                proxies = json.loads(answer.read())
        except OSError:
            return
        facts.update({f"toxic {toxic['name']} of {name}": toxic["type"] for name, proxy in proxies.items() for toxic in proxy["toxics"]})

    def look_at_strains(self, facts):
        """What the shop's own programs say that they are under; one that is down or held still says nothing."""
        for path in glob.glob(f"{self.sockets}/s/*.sock"):
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                try:
                    line.connect(path)
                    line.sendall(b"{}\n")
                    answer = json.loads(line.makefile().readline() or "{}")
                except OSError:
                    continue
            program = os.path.basename(path)[:-len(".sock")]
            kinds = {entry["kind"] for entry in answer.get("held", [])} | set(answer.get("reached", {}))
            if kinds - {"relief"}:
                facts[f"strain {program}"] = "held"
            if "relief" in kinds:
                facts[f"relief {program}"] = "held"
