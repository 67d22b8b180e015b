import OpsModel
import OpsSystem

/// One instance takes memory and does not give it back, until nothing is left of its limit and it refuses work.
///
/// What counts is what the kernel, or the engine, says of the process: memory that is only promised does not fill anything.
final class MemoryLeak: Fault {
    static let description = FaultDescription(
        kind: .memoryLeak,
        path: "/break/compute/memory",
        title: "One instance of a component leaks memory until it has none left for work, until it is restarted.",
        persistence: .held,
        targets: ["http"],
        parameters: [
            Parameter(
                name: "mib",
                kind: .number(8...256),
                fallback: 256,
                help: "mebibytes; as much as its limit leaves when that is less"
            ),
            Parameter(name: "rate", kind: .number(16...64), fallback: 32, help: "mebibytes a second"),
        ],
        yieldsTo: ["a restart by anybody"],
        unit: "MiB",
        tolerance: Tolerance(share: share, orWhatIsLeft: true),
        mechanism: "the process maps memory, writes to each page, and keeps it",
        signs: ["process.memory_ratio", "process.rss", "log.code"],
        needs: [.strains, .memory]
    )

    /// What has to be left to the machine, in bytes.
    private static let reserve: UInt64 = 512 << 20
    /// As much as is held has to be found from outside, but for this share.
    private static let share = 0.05
    private static let patience: UInt64 = 1_500_000_000

    private let setting: FaultSetting
    private let program: StrainedProgram
    private let amount: Int

    init(_ setting: FaultSetting) {
        self.setting = setting
        self.amount = Int(setting.parameters.number("mib").rounded())
        self.program = StrainedProgram(
            setting,
            .memory,
            amount: self.amount,
            perSecond: setting.parameters.number("rate")
        )
    }

    func plan() throws(ChaosError) -> Blueprint {
        guard self.setting.access.hasMemoryLimit else {
            throw ChaosError(
                .unsupported,
                "\(self.setting.access.component) has no memory limit",
                hint:
                    "without one nobody would feel it before the machine did; declare it in the topology: limits: {memory: …}"
            )
        }
        let needed = UInt64(self.amount) << 20 + Self.reserve
        guard let available = AvailableMemory.read(), available >= needed else {
            throw ChaosError(
                .unsupported,
                "the machine has less than \(needed >> 20) MiB of memory available",
                hint: "ask for less, or end something"
            )
        }
        return try self.program.plan()
    }

    func apply() throws(ChaosError) -> Double? {
        let before = try self.program.residentMiB()
        guard let held = try self.program.apply() else { return nil }
        let limit = BootClock.now() + Self.patience
        while true {
            let grown = try self.program.residentMiB() - before
            if grown >= held * (1 - Self.share) { return (grown * 10).rounded() / 10 }
            guard BootClock.now() < limit else {
                throw ChaosError(.notApplied, "of \(held) MiB only \(grown) are resident")
            }
            _ = Descriptors.ready([], milliseconds: 100)
        }
    }

    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .released) }
    func release() { self.program.release() }
}
