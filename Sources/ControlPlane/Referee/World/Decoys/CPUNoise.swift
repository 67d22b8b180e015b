import OpsSystem

/// A process that has nothing to do with the target works on the same machine, and takes what others leave.
///
/// The kernel shares processors between sessions first (`sched_autogroup`), so the process has a session of its own, with the least
/// right to them. Each may use three seconds of processor time, so that one whose referee has died is soon gone.
struct CPUNoise: RecurringDecoy {
    let pause: Duration = .milliseconds(100)

    func act() async throws {
        let noise = try Spawn(
            path: "/bin/sh",
            arguments: ["-c", Self.work],
            environment: ["PATH": "/usr/bin:/bin"],
            newSession: true
        ).start()
        _ = await noise.wait(within: .seconds(60))
        // In a task of its own: ours may be cancelled, and the process has to be gone.
        await Task.detached { _ = await noise.stop(grace: .milliseconds(100)) }.value
        try Task.checkCancellation()
    }

    private static let work = """
        ulimit -t 3; { echo 19 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 19 /bin/sh -c 'while :; do :; done'
        """
}
