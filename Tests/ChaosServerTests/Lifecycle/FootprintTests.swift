import OpsModel
import OpsRuntime
import OpsSystem
import Testing

@testable import ChaosServer

@Suite("Which faults may be on at once")
struct FootprintTests {
    /// What the faults of the catalogue look like to the matrix.
    private enum Sample: String, CaseIterable {
        case lock, password, databaseDown, databaseStill, apiDown, apiStill, cache, blocked, job

        func footprint(_ id: String) -> Footprint {
            switch self {
            case .lock: Footprint(id: id, resource: .sessions(of: "db"), needs: ["db"])
            case .password: Footprint(id: id, resource: .role("shop", of: "db"), needs: ["db"])
            case .databaseDown: Footprint(id: id, resource: .process("db"), silences: ["db"])
            case .databaseStill: Footprint(id: id, resource: .process("db"), silences: ["db"])
            case .apiDown: Footprint(id: id, resource: .process("api-1"), silences: ["api"])
            case .apiStill: Footprint(id: id, resource: .process("api-2"), silences: ["api"])
            case .cache: Footprint(id: id, resource: .directory("cache"))
            case .job: Footprint(id: id, resource: .job(7, of: "worker"), needs: ["db"])
            case .blocked: Footprint(id: id, resource: .link(from: "api", to: "payments"))
            }
        }
    }

    /// Pairs of different kinds that exclude each other; each kind excludes itself.
    private static let excluding: Set<Set<Sample>> = [
        [.lock, .databaseDown], [.lock, .databaseStill], [.password, .databaseDown], [.password, .databaseStill],
        [.databaseDown, .databaseStill], [.job, .databaseDown], [.job, .databaseStill],
    ]

    @Test("The matrix is symmetric, and excludes what one undo would have to wait for")
    func matrix() {
        for new in Sample.allCases {
            for old in Sample.allCases {
                let isExcluded = new == old || Self.excluding.contains([new, old])
                let conflict = new.footprint("newfault1").conflict(with: [old.footprint("oldfault1")])
                #expect((conflict != nil) == isExcluded, "\(new) beside \(old): \(conflict?.message ?? "allowed")")
                #expect(conflict == nil || conflict?.code == .conflict && conflict?.hint?.contains("oldfault1") == true)
            }
        }
    }

    @Test("One among several is enough, and another cluster is nobody's business")
    func several() {
        let password = Sample.password.footprint("newfault1")
        let others = [Sample.cache, .blocked, .databaseDown].map { $0.footprint("of-\($0)") }
        #expect(password.conflict(with: others)?.hint?.contains("of-databaseDown") == true)
        #expect(password.conflict(with: []) == nil)
        let elsewhere = Footprint(id: "elsewhere", resource: .process("ledger-db"), silences: ["ledger-db"])
        #expect(password.conflict(with: [elsewhere]) == nil)
    }

    @Test("Each kind of change says whether its undo needs the component, or takes it away")
    func dependences() {
        let access = PostgresAccess(
            socketDirectory: "/",
            host: "h",
            port: 1,
            database: "d",
            admin: "a",
            passwords: [:]
        )
        let process = ProcessIdentity.current
        let changes: [(Change, Dependence)] = [
            (.session(SessionChange(access: access, role: "r", clientName: "c")), .needsTarget),
            (
                .verifier(
                    VerifierChange(access: access, role: "r", oldVerifier: "o", newVerifier: "n", clientName: "c")
                ), .needsTarget
            ),
            (
                .process(
                    ProcessChange(supervisor: "s", program: "p", manner: .killed, process: process, startedAt: 0)
                ), .silencesTarget
            ),
            (.pause(ProcessPause(supervisor: "s", program: "p", process: process)), .silencesTarget),
            (
                .flag(
                    FlagChange(
                        flags: FlagTable(database: "db", table: "t", access: access),
                        flag: "f",
                        oldValue: FlagValue(isEnabled: false, updatedAt: "", updatedBy: ""),
                        newValue: FlagValue(isEnabled: true, updatedAt: "", updatedBy: ""),
                        clientName: "c"
                    )
                ), .needs("db")
            ),
        ]
        for (change, dependence) in changes {
            #expect(change.reversible.dependence == dependence)
            #expect(!change.reversible.undoing.isEmpty)
        }
    }
}
