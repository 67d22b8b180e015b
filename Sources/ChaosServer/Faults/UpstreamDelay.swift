import OpsModel

/// Somebody else's system has become slow for everybody: its own probe is as slow as its callers are.
final class UpstreamDelay: Fault {
    static let description = FaultDescription(
        kind: .upstreamDelay,
        path: "/break/network/upstream-latency",
        title: "A provider that the target calls answers everything late.",
        persistence: .condition,
        targets: ["provider"],
        parameters: [
            Parameter(name: "ms", kind: .number(1...30000), fallback: 800, help: "milliseconds that each request waits")
        ],
        yieldsTo: [],
        unit: "milliseconds",
        mechanism: "the provider's process waits before it answers",
        signs: ["probe.latency", "call.latency"],
        needs: [.strains]
    )

    private let program: StrainedProgram

    init(_ setting: FaultSetting) {
        var setting = setting
        setting.request.instance = setting.request.instance ?? "primary"
        self.program = StrainedProgram(setting, .delay, amount: Int(setting.parameters.number("ms").rounded()))
    }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan() }
    func apply() throws(ChaosError) -> Double? { try self.program.apply() }
    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .gone) }
    func reassert() throws(ChaosError) { try self.program.reassert() }
    func release() { self.program.release() }
}
