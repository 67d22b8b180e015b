import OpsCommand
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem

/// `opslab down`.
struct DownCommand: Command {
    static let name = "down"
    static let endsOnSignal = false
    static let summary = "Undo open faults and stop everything, last started first"
    static let discussion = """
        Exits 1 when a fault could not be taken back because its target did not answer any more; the next `up` does it first.
        """
    static let options: [Option] = [
        LabLookup.option, LabLookup.expectation,
        .flag("purge", help: "remove the lab with its data, too; people's keys stay"), .json,
    ]

    private struct Report: Encodable {
        var instance: String
        var wasRunning: Bool
        var isPurged: Bool
        /// Why a fault is left in the journal, for the next start.
        var faultsLeft: String?
        var tookS: Double

        enum CodingKeys: String, CodingKey {
            case instance
            case wasRunning = "was_running"
            case isPurged = "purged"
            case faultsLeft = "faults_left"
            case tookS = "took_s"
        }
    }

    private let lookup: LabLookup
    private let isPurging: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        self.isPurging = parsed.flag("purge")
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        // A lab whose record is damaged must still be removable.
        let lab = try self.isPurging ? self.lookup.labIgnoringRecord() : self.lookup.lab()
        try self.lookup.requireExpected(lab)
        let clock = ContinuousClock()
        let begin = clock.now
        let (wasRunning, faultsLeft) = try await lab.stop(purge: self.isPurging) { Terminal.err("  \($0)") }
        let report = Report(
            instance: lab.name.text,
            wasRunning: wasRunning,
            isPurged: self.isPurging,
            faultsLeft: faultsLeft,
            tookS: (clock.now - begin).inSeconds
        )
        Terminal.out(
            self.isJSON
                ? try OpsJSON.string(report) : "lab '\(lab.name)' is down\(self.isPurging ? " and removed" : "")"
        )
        return faultsLeft == nil ? ExitCode.ok : ExitCode.failed
    }
}
