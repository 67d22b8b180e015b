import OpsSystem

/// A process that has nothing to do with the target works on the same machine, with a little less right to it than others.
///
/// Each of them may use three seconds of processor time, so that one whose referee has died is soon gone.
struct CPUNoise: RecurringDecoy {
    let pause: Duration = .milliseconds(100)

    func act() async throws {
        _ = try await OpsSystem.run(
            "/bin/sh",
            ["-c", Self.work],
            environment: ["PATH": "/usr/bin:/bin"],
            within: .seconds(60)
        )
    }

    private static let work = "ulimit -t 3; exec nice -n 5 /bin/sh -c 'while :; do :; done'"
}
