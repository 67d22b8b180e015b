import OpsModel

/// Somebody else's system answers well and in time, and charges other amounts than it was asked to: no error tells.
final class UpstreamWrongAmounts: Fault {
    static let description = FaultDescription(
        kind: .upstreamWrong,
        path: "/break/network/upstream-answers",
        title: "A provider that the target calls says yes and charges other amounts than it was asked to.",
        persistence: .condition,
        targets: ["provider"],
        parameters: [
            Parameter(
                name: "share",
                kind: .number(1...100),
                fallback: 100,
                help: "charges of a hundred that are made with another amount"
            )
        ],
        yieldsTo: [],
        unit: "charges of a hundred",
        mechanism: "the provider's process charges a tenth more than it was asked to, and writes that down",
        signs: ["ledger.mismatch", "journey.failures_by"],
        needs: [.strains]
    )

    private let program: StrainedProgram

    init(_ setting: FaultSetting) {
        var setting = setting
        setting.request.instance = setting.request.instance ?? "primary"
        let share = Int(setting.parameters.number("share").rounded())
        self.program = StrainedProgram(setting, .wrongAmounts, amount: share)
    }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan() }
    func apply() throws(ChaosError) -> Double? { try self.program.apply() }
    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .gone) }
    func reassert() throws(ChaosError) { try self.program.reassert() }
    func release() { self.program.release() }
}
