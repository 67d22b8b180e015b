import OpsModel

/// One instance has the wrong time: what it says of it in its answers, and to whoever takes requests of the present only.
final class ClockJump: Fault {
    static let description = FaultDescription(
        kind: .clockJump,
        path: "/break/compute/clock",
        title: "The clock of one instance of a component is off, until it is restarted.",
        persistence: .held,
        targets: ["http"],
        parameters: [
            Parameter(
                name: "seconds",
                kind: .number(31...86400),
                fallback: 300,
                help: "by which it is ahead; providers take up to 30"
            )
        ],
        yieldsTo: ["a restart by anybody"],
        unit: "seconds",
        mechanism: "the process takes the time to be later than it is",
        signs: ["clock.offset", "call.errors", "journey.failures_by"],
        needs: [.strains]
    )

    private let program: StrainedProgram

    init(_ setting: FaultSetting) {
        self.program = StrainedProgram(setting, .clock, amount: Int(setting.parameters.number("seconds").rounded()))
    }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan() }
    func apply() throws(ChaosError) -> Double? { try self.program.apply() }
    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .released) }
    func release() { self.program.release() }
}
