import OpsModel

/// One instance has become slow: everything that it is asked waits, without any work being done meanwhile.
final class InstanceDelay: Fault {
    static let description = FaultDescription(
        kind: .instanceDelay,
        path: "/break/api/latency",
        title: "One instance of a component answers everything late, until it is restarted.",
        persistence: .held,
        targets: ["http"],
        parameters: [
            Parameter(name: "ms", kind: .number(1...30000), fallback: 600, help: "milliseconds that each request waits")
        ],
        yieldsTo: ["a restart by anybody"],
        unit: "milliseconds",
        mechanism: "the process waits before it answers",
        signs: ["journey.failures_by", "call.latency"],
        needs: [.strains]
    )

    private let program: StrainedProgram

    init(_ setting: FaultSetting) {
        self.program = StrainedProgram(setting, .delay, amount: Int(setting.parameters.number("ms").rounded()))
    }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan() }
    func apply() throws(ChaosError) -> Double? { try self.program.apply() }
    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .released) }
    func release() { self.program.release() }
}
