import OpsCommand
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem

/// The three ways to the kill switch, tried from the one with the most alive to the one that needs nothing.
struct KillDoors {
    private static let knock: Duration = .milliseconds(300)
    private static let patience: Duration = .seconds(4)
    private let lab: Lab
    private let http = HTTPClient()

    init(_ lab: Lab) { self.lab = lab }

    /// What the switch answered, and which door it was.
    func press(reason: String, actor: String) async throws -> (report: KillReport, door: String) {
        for (door, service) in self.doors {
            if let report = try await self.press(service, reason, actor) { return (report, door) }
        }
        return (try await self.pressOffline(reason, actor), "this command")
    }

    private var doors: [(name: String, service: ServiceClient)] {
        let layout = self.lab.layout
        var doors: [(String, ServiceClient)] = []
        // Unreadable for this person: the other doors do not need it.
        if let record = self.lab.record,
            let key = try? FileSystem.text("\(layout.service("chaos"))/kill.key", limit: 4_096)
        {
            let client = ServiceClient(
                base: record.ports.url(.kill),
                key: key.filter { !$0.isNewline },
                http: self.http
            )
            doors.append(("the kill listener", client))
        }
        doors.append(("the guard", ServiceClient(base: "unix:\(layout.guardSocket)", http: self.http)))
        return doors
    }

    /// The latch is set at once; then the answer is asked for until nothing is pending any more.
    private func press(_ service: ServiceClient, _ reason: String, _ actor: String) async throws -> KillReport? {
        let body: [String: JSONValue] = ["reason": .string(reason), "actor": .string(actor), "wait_s": 0]
        // No answer means the next door, whatever the cause.
        guard var report = try? await service.post("/kill", body, as: KillReport.self, timeout: Self.knock) else {
            return nil
        }
        let end = ContinuousClock.now + Self.patience
        while !report.pending.isEmpty, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100))
            if let next = try? await service.get("/kill", as: KillReport.self, timeout: Self.knock) { report = next }
        }
        return report
    }

    private func pressOffline(_ reason: String, _ actor: String) async throws -> KillReport {
        let state = self.lab.layout.service("chaos")
        guard FileSystem.isDirectory(state) else { throw ChaosAccess.absent(self.lab.name) }
        let output = try await OpsSystem.run(
            self.lab.layout.program("ChaosServer"),
            ["revert", "--all", "--state", state, "--reason", reason, "--actor", actor],
            within: .seconds(15)
        )
        guard let report = try? OpsJSON.decode(KillReport.self, from: output.stdout) else {
            throw CommandError(
                "the faults could not be taken back: \(Terminal.clean(output.errorText))",
                exitCode: ExitCode.failed
            )
        }
        return report
    }
}
