import OpsModel

/// The workers of one instance wait for each other: it is up, answers when asked for its health, and takes no more orders.
final class WorkersStuck: Fault {
    static let description = FaultDescription(
        kind: .workersStuck,
        path: "/break/api/stuck",
        title: "The workers of one instance wait for each other; the process is up and idle.",
        persistence: .held,
        targets: ["http"],
        parameters: [
            Parameter(
                name: "workers",
                kind: .number(1...1000),
                fallback: 1000,
                help: "how many; all that it has when that is less"
            )
        ],
        yieldsTo: ["a restart by anybody"],
        unit: "workers",
        tolerance: .whatIsLeft,
        mechanism: "the process's workers wait for each other",
        signs: ["process.busy", "journey.failures_by"],
        needs: [.strains]
    )

    private let program: StrainedProgram

    init(_ setting: FaultSetting) {
        self.program = StrainedProgram(setting, .workers, amount: Int(setting.parameters.number("workers").rounded()))
    }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan() }
    func apply() throws(ChaosError) -> Double? { try self.program.apply() }
    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .released) }
    func release() { self.program.release() }
}
