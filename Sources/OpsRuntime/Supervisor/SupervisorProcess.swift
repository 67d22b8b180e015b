import Glibc
package import OpsHTTP
import OpsSystem

/// One half of a lab: its supervisor, from first start to last trace.
package struct SupervisorProcess: Sendable {
    package let half: InstanceLayout.Half
    package let layout: InstanceLayout
    package let client: SupervisorClient

    package init(_ half: InstanceLayout.Half, layout: InstanceLayout, http: HTTPClient) {
        self.half = half
        self.layout = layout
        self.client = SupervisorClient(socket: layout.supervisor(of: half), http: http)
    }

    private var root: String { self.layout.root(of: self.half) }
    package var configuration: String { "\(self.root)/supervisord.conf" }
    private var pidFile: String { "\(self.root)/supervisord.pid" }

    /// Starts the supervisor in a session of its own, unless it answers already.
    package func start(_ program: String) async throws(RuntimeError) {
        if await self.client.answers() { return }
        try translating {
            for litter in [self.pidFile, self.layout.supervisor(of: self.half)] { try FileSystem.remove(litter) }
        }
        let output: CommandOutput
        do {
            output = try await run(
                program,
                ["-c", self.configuration],
                environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"],
                directory: self.layout.home,
                within: .seconds(15)
            )
        } catch {
            throw RuntimeError(error)
        }
        guard output.status.isSuccess else {
            throw RuntimeError(
                .componentFailed,
                "the \(self.half.rawValue) supervisor did not start: \(output.errorText)"
            )
        }
        try await self.waitForAnswer()
    }

    /// Stops all programs in order and the supervisor itself; what does not obey is killed.
    package func stop(within limit: Duration = .seconds(40)) async {
        guard let pid = try? await self.client.processID(),
            let handle = ProcessIdentity.of(pid: pid).flatMap(ProcessHandle.init)
        else { return await self.sweep() }  // nobody answers: what is left is swept
        await self.stopPrograms()
        let isIdle = (try? await self.client.programs())?.allSatisfy { $0.pid == nil } == true  // no answer: not known
        try? await self.client.shutDown()  // an answer lost on the way down is no failure
        // Its loop looks at the order once a second; with nothing left to supervise there is nothing to wait for.
        if await !handle.waitForExit(within: isIdle ? .milliseconds(50) : limit) { handle.signal(SIGKILL) }
        await self.sweep()
    }

    /// A supervisor that shuts down by itself takes a second for each program; asked one by one they end at once.
    func stopPrograms(keeping kept: Set<String> = []) async {
        guard let running = try? await self.client.programs().filter(\.isUp).map(\.name) else { return }  // down
        for names in StartPlan.stopOrder(running.filter { !kept.contains($0) }) {
            await withTaskGroup(of: Void.self) { group in
                for name in names { group.addTask { try? await self.client.stop(name) } }  // likewise
            }
        }
    }

    /// Ends a supervisor that runs and does not answer: it is found by the configuration it was started with.
    private func sweep() async {
        for pid in ProcessSample.allProcesses() {
            let words = ProcessSample.commandLine(pid: pid)
            let isSupervisor = words.contains { $0.hasSuffix("/supervisord") }
            guard isSupervisor, words.contains(self.configuration) else { continue }
            guard let handle = ProcessIdentity.of(pid: pid).flatMap(ProcessHandle.init) else { continue }
            handle.signal(SIGTERM)
            if await !handle.waitForExit(within: .seconds(5)) { handle.signal(SIGKILL) }
        }
        // What cannot be removed now, the next start removes or complains about.
        for litter in [self.pidFile, self.layout.supervisor(of: self.half)] { try? FileSystem.remove(litter) }
    }

    private func waitForAnswer() async throws(RuntimeError) {
        let end = BootClock.now() + 10_000_000_000
        while BootClock.now() < end {
            if await self.client.answers() { return }
            try? await Task.sleep(for: .milliseconds(20))  // cancellation is noticed by whoever started us
            if Task.isCancelled { break }
        }
        throw RuntimeError(
            .timedOut,
            "the \(self.half.rawValue) supervisor does not answer",
            hint: "see \(self.root)/log/supervisord.log"
        )
    }
}
