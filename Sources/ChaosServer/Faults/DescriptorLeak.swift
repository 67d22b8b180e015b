import OpsModel
import OpsSystem

/// One instance opens descriptors and does not close them, until its limit leaves none for its customers.
///
/// What counts is what the kernel says of the process, where it can be asked; in containers it is what the process claims.
final class DescriptorLeak: Fault {
    static let description = FaultDescription(
        kind: .descriptorLeak,
        path: "/break/compute/descriptors",
        title: "One instance of a component leaks descriptors until it can open nothing more, until it is restarted.",
        persistence: .held,
        targets: ["http"],
        parameters: [
            Parameter(
                name: "descriptors",
                kind: .number(8...1000),
                fallback: 1000,
                help: "as many as its limit leaves when that is less"
            ),
            Parameter(name: "rate", kind: .number(16...128), fallback: 64, help: "descriptors a second"),
        ],
        yieldsTo: ["a restart by anybody"],
        unit: "descriptors",
        tolerance: Tolerance(share: share, orWhatIsLeft: true),
        mechanism: "the process opens sockets and does not close them",
        signs: ["process.fds_ratio", "log.code", "journey.failures_by"],
        needs: [.strains, .descriptors]
    )

    /// As many as are held have to be found from outside, but for what customers open and close meanwhile.
    private static let share = 0.1
    private static let patience: UInt64 = 1_500_000_000

    private let setting: FaultSetting
    private let program: StrainedProgram

    init(_ setting: FaultSetting) {
        self.setting = setting
        self.program = StrainedProgram(
            setting,
            .descriptors,
            amount: Int(setting.parameters.number("descriptors").rounded()),
            perSecond: setting.parameters.number("rate")
        )
    }

    func plan() throws(ChaosError) -> Blueprint {
        guard self.setting.access.hasDescriptorLimit else {
            throw ChaosError(
                .unsupported,
                "\(self.setting.access.component) has no limit of its descriptors",
                hint: "without one nobody would feel it for long; declare it in the topology: limits: {fds: …}"
            )
        }
        return try self.program.plan()
    }

    func apply() throws(ChaosError) -> Double? {
        let before = try self.program.openDescriptors()
        guard let held = try self.program.apply() else { return nil }
        guard let before else { return held }
        let limit = BootClock.now() + Self.patience
        while let now = try self.program.openDescriptors() {
            let grown = Double(now - before)
            if grown >= held * (1 - Self.share) { return held }
            guard BootClock.now() < limit else {
                throw ChaosError(.notApplied, "of \(Int(held)) descriptors only \(Int(grown)) are open")
            }
            _ = Descriptors.ready([], milliseconds: 50)
        }
        return held
    }

    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .released) }
    func release() { self.program.release() }
}
