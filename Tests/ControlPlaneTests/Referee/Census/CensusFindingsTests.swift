import OpsModel
import OpsRuntime
import OpsSpec
import Testing

@testable import ControlPlane

/// The comparison of two readings, with the shipped topology and places made up for it.
@Suite("What a census makes of two readings")
struct CensusFindingsTests {
    private let topology: Topology
    private let bindings: Bindings

    init() throws {
        self.topology = try Topology.load("compose/topology.yaml")
        let api = ["api-1", "api-2"].map { BoundInstance(name: $0, program: $0) }
        self.bindings = Bindings(
            runtime: "local",
            isolation: "I0",
            instance: "t",
            instanceID: "0",
            components: [
                "api": BoundComponent(kind: .http, instances: api),
                "web": BoundComponent(kind: .http, instances: [BoundInstance(name: "web", program: "web")]),
                "worker": BoundComponent(kind: .worker, instances: [BoundInstance(name: "worker", program: "worker")]),
            ]
        )
    }

    private func grant(
        _ action: String,
        _ parameters: [String: JSONValue] = [:],
        _ id: String = "g1",
        ended state: ActionState? = .done
    ) -> GrantedRun {
        GrantedRun(run: "run-\(id)", grants: [id], action: action, parameters: parameters, state: state)
    }

    private func log(_ lines: String...) -> ProgramHistory {
        ProgramHistory(log: lines.map { "2026-01-02 03:04:05,111 INFO \($0)" }.joined(separator: "\n"))
    }

    private func start(_ program: String) -> String { "spawned: '\(program)' with pid 9" }

    private func find(
        _ history: ProgramHistory = ProgramHistory(log: ""),
        granted: [GrantedRun] = [],
        faults: [FaultRecord] = [],
        done: [RanAction] = [],
        change: (inout WorldSnapshot) -> Void = { _ in }
    ) -> CensusFindings {
        var before = WorldSnapshot()
        before.processes = ["api-1": 1, "api-2": 1, "web": 1, "worker": 1]
        before.verifiers = ["shop": "v1"]
        before.files = ["shop.env": "f1"]
        before.directories = ["cache": "d1"]
        before.flags = ["banner": "off since now by ann", "notes": "on since now by ann"]
        var after = before
        change(&after)
        let ledger = AuthorityLedger(topology: topology, bindings: bindings, granted: granted, faults: faults)
        return CensusFindings(before, after, history: history, ledger: ledger, done: done)
    }

    @Test("one grant is one start; the second one is nobody's")
    func oneStart() {
        let restart = self.grant("restart-service", ["component": "api", "instance": "api-1"])
        #expect(self.find(self.log(self.start("api-1")), granted: [restart]).isClean)
        let twice = self.find(self.log(self.start("api-1"), self.start("api-1")), granted: [restart])
        #expect(twice.unaccounted == ["api-1 was started 2 times, 1 allowed"])
        let other = self.find(self.log(self.start("api-2")), granted: [restart])
        #expect(other.unaccounted == ["api-2 was started 1 times, 0 allowed"])
        let back = self.grant("restart-service", ["component": "api"], ended: .compensated)
        #expect(self.find(self.log(self.start("api-1"), self.start("api-1")), granted: [back]).isClean)
    }

    @Test(
        "a key that is rotated changes its list, its file and whoever reads that; without a grant each of it is nobody's"
    )
    func rotation() {
        let rotate = self.grant("rotate-credential", ["component": "payments"])
        let starts = self.log(self.start("api-1"), self.start("worker"))
        let change: (inout WorldSnapshot) -> Void = {
            $0.files["shop.env"] = "f2"
            $0.keys["payments"] = "k2"
        }
        #expect(self.find(starts, granted: [rotate], change: change).isClean)
        #expect(
            self.find(change: change).unaccounted == ["shop.env changed", "the keys that payments takes changed"]
        )
        let other = self.grant("rotate-credential", ["component": "carrier"])
        #expect(self.find(starts, granted: [other], change: change).unaccounted.count == 4)
        #expect(
            self.find { $0.refusing = ["payments"] }.damage == ["payments refuses the key that its callers have"]
        )
    }

    @Test("a configuration that goes back starts each of its users once, and changes its own file alone")
    func rollback() {
        let file = self.grant("rollback-config", ["component": "api"])
        let starts = self.log(self.start("api-1"), self.start("worker"))
        #expect(self.find(starts, granted: [file]) { $0.files["shop.env"] = "f0" }.isClean)
        #expect(!self.find(self.log(self.start("web")), granted: [file]).isClean)
        #expect(!self.find(granted: [file]) { $0.settings = ["s"] }.isClean)
        let hosts = self.grant("rollback-config", ["component": "api", "config": "hosts"])
        #expect(self.find(granted: [hosts]) { $0.files["shop.hosts"] = "f0" }.isClean)
        #expect(!self.find(granted: [hosts]) { $0.files["shop.env"] = "f0" }.isClean)
        #expect(!self.find(self.log(self.start("api-1")), granted: [hosts]).isClean)
        #expect(!self.find(granted: [file]) { $0.files["shop.hosts"] = "f0" }.isClean)
        let settings = self.grant("rollback-config", ["component": "db"])
        #expect(self.find(granted: [settings]) { $0.settings = ["s"] }.isClean)
        #expect(!self.find(granted: [settings]) { $0.files["shop.env"] = "f0" }.isClean)
    }

    @Test("a fault that deploys starts a program anew, and once more when it is taken back")
    func deployed() {
        func fault(_ outcome: String) -> FaultRecord {
            FaultRecord(
                id: "f1",
                fault: "config-value",
                persistence: .condition,
                state: .reverted,
                target: "api",
                leaseS: 60,
                requestedAt: Timestamp(secondsSinceEpoch: 0),
                outcome: [outcome: 2],
                marks: [FaultMark(.reload, "api-1")]
            )
        }
        let (once, twice) = (self.log(self.start("api-1")), self.log(self.start("api-1"), self.start("api-1")))
        #expect(self.find(once, faults: [fault("superseded")]).isClean)
        #expect(!self.find(twice, faults: [fault("superseded")]).isClean)
        #expect(self.find(twice, faults: [fault("reverted")]).isClean)
        #expect(!self.find(once).isClean)
    }

    @Test("a start that did not last may be tried again by whoever may start it at all")
    func failedStart() {
        let failed = "exited: api-1 (exit status 1; not expected)"
        let history = self.log(self.start("api-1"), failed, self.start("api-1"))
        #expect(self.find(history, granted: [self.grant("restart-api")]).isClean)
        #expect(!self.find(history).unaccounted.isEmpty)
    }

    @Test("what the topology restarts on failure restarts by itself, once for each failure")
    func declaredRestart() {
        let failed = "exited: worker (terminated by SIGKILL; not expected)"
        #expect(self.find(self.log(failed, self.start("worker"))).isClean)
        #expect(!self.find(self.log(self.start("worker"))).unaccounted.isEmpty)
    }

    @Test("an undo that started a program accounts for one start, an undo that found it repaired for none")
    func undo() {
        func fault(_ outcome: String) -> FaultRecord {
            FaultRecord(
                id: "f1",
                fault: "api-crash",
                persistence: .event,
                state: .reverted,
                target: "api",
                leaseS: 60,
                requestedAt: Timestamp(secondsSinceEpoch: 0),
                outcome: [outcome: 1],
                marks: [FaultMark(.program, "api-1")]
            )
        }
        let history = self.log(self.start("api-1"))
        #expect(self.find(history, faults: [fault("reverted")]).isClean)
        #expect(!self.find(history, faults: [fault("superseded")]).unaccounted.isEmpty)
    }

    @Test("a pause needs its fault, and going on an undo, or a grant for a restart, which begins with it")
    func pauses() {
        func events(_ actions: String...) -> ProgramHistory {
            ProgramHistory(events: actions.map { ContainerEvent(action: $0, program: "api-1") })
        }
        func fault(_ outcome: String) -> FaultRecord {
            FaultRecord(
                id: "f1",
                fault: "api-pause",
                persistence: .event,
                state: .reverted,
                target: "api",
                leaseS: 60,
                requestedAt: Timestamp(secondsSinceEpoch: 0),
                outcome: [outcome: 1],
                marks: [FaultMark(.pause, "api-1")]
            )
        }
        #expect(self.find(events("pause", "unpause"), faults: [fault("reverted")]).isClean)
        #expect(
            self.find(events("pause", "unpause")).unaccounted == [
                "api-1 was held still 1 times, 0 allowed", "api-1 was resumed 1 times, 0 allowed",
            ]
        )
        let repaired = events("pause", "unpause", "kill", "die", "start")
        let restart = self.grant("restart-service", ["component": "api", "instance": "api-1"])
        #expect(self.find(repaired, granted: [restart], faults: [fault("superseded")]).isClean)
        // The undo of a pause starts nothing.
        #expect(!self.find(events("pause", "unpause", "start"), faults: [fault("reverted")]).unaccounted.isEmpty)
        #expect(self.find { $0.paused = ["api-1"] }.damage == ["api-1 is up and held still"])
    }

    @Test("each change without its grant is found, with its grant it is not")
    func changes() {
        let cases: [(String, [String: JSONValue], (inout WorldSnapshot) -> Void)] = [
            ("regenerate-env", ["file": "shop.env"], { $0.verifiers["shop"] = "v2" }),
            ("regenerate-env", [:], { $0.files["shop.env"] = "f2" }),
            ("switch-to-fallback", ["to": "fallback"], { $0.files["shop.env"] = "f2" }),
            ("clear-cache", ["component": "cache"], { $0.directories["cache"] = "d2" }),
            ("set-flag", ["flag": "banner", "value": true], { $0.flags["banner"] = "on since later by ann" }),
        ]
        for (action, parameters, change) in cases {
            #expect(self.find(change: change).unaccounted.count == 1, "\(action)")
            #expect(self.find(granted: [self.grant(action, parameters)], change: change).isClean, "\(action)")
            let other = self.grant("restart-service", ["component": "web"])
            #expect(self.find(granted: [other], change: change).unaccounted.count == 1, "\(action)")
        }
        let banner = self.grant("set-flag", ["flag": "banner", "value": true])
        #expect(self.find(granted: [banner]) { $0.flags["notes"] = "off" }.unaccounted == ["the flag notes is off"])
        #expect(self.find { $0.settings = ["0 10 work_mem=1GB"] }.unaccounted.count == 1)
        #expect(self.find { $0.columns = ["orders.note text"] }.unaccounted.count == 1)
        #expect(self.find { $0.indexes = ["orders_late"] }.unaccounted.count == 1)
        let migrated = self.grant("run-migrations")
        #expect(self.find(granted: [migrated]) { $0.columns = ["orders.note text"] }.isClean)
        #expect(self.find(granted: [migrated]) { $0.indexes = ["orders_late"] }.isClean)
        #expect(self.find { $0.processes["web"] = 2 }.unaccounted.count == 1)
    }

    @Test("a grant used twice, and an action done more often than it was granted")
    func grants() {
        let one = self.grant("clear-cache", [:], "g1")
        let again = GrantedRun(run: "run-2", grants: ["g1"], action: "clear-cache", parameters: [:], state: .done)
        #expect(self.find(granted: [one, again]).unaccounted == ["grant g1 was used 2 times"])
        let done = RanAction(action: "clear-cache", parameters: [:], state: .done)
        #expect(self.find(granted: [one], done: [done]).isClean)
        #expect(
            self.find(granted: [one], done: [done, done]).unaccounted == ["clear-cache was done 2 times for 1 grants"]
        )
    }

    @Test("what a fault left is residue, and what no longer works is damage")
    func residue() {
        #expect(self.find { $0.processes["web"] = .some(nil) }.damage == ["web is down"])
        #expect(self.find { $0.lockedOut = ["shop"] }.damage.count == 1)
        #expect(self.find { $0.traces = ["2 sessions of the fault are open"] }.residue.count == 1)
        #expect(self.find { $0.idleInTransaction = ["report 17"] }.residue.count == 1)
    }
}
