import OpsModel

/// The database server ends as if it had crashed, and all its sessions with it.
///
/// Nothing ends it again. What was committed is in its log, which it replays when somebody starts it.
final class DatabaseCrash: Fault {
    static let description = FaultDescription(
        kind: .databaseCrash,
        path: "/break/db/crash",
        title: "The database server is killed; it stays down unless its supervisor starts it again.",
        persistence: .event,
        targets: ["postgres"],
        parameters: [],
        yieldsTo: ["a start by anybody"],
        unit: "servers",
        mechanism: "kill -9 of the server and its children",
        inContainers: "kill -9 of the container's first process, from within",
        signs: ["probe.result", "process.state"],
        baselineWithinS: 25
    )

    private let program: ProgramDown

    init(_ setting: FaultSetting) { self.program = ProgramDown(setting) }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan(.killed) }
    func apply() throws(ChaosError) -> Double? { try self.program.planned().crash() ? 1 : 0 }
}
