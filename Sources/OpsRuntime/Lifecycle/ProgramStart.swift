import OpsHTTP
import OpsSystem

/// Starts programs and waits until they serve, or tells why they do not.
struct ProgramStart {
    /// A first start under load may have to recover a database.
    private static let limit: Duration = .seconds(30)

    let lab: Lab
    let progress: Lab.Progress

    func start(_ tier: [StartPlan.Step]) async throws(RuntimeError) {
        // A container may say its last words before its start has returned.
        let logs = tier.map { LogTail.size(of: self.lab.layout.log($0.program, of: $0.half)) }
        try await self.lab.beginContainers(tier.map(\.program))
        let outcome: Result<Void, RuntimeError> = await withTaskGroup(of: Result<Void, RuntimeError>.self) { group in
            for (step, log) in zip(tier, logs) { group.addTask { await self.result(of: step, log) } }
            var outcome: Result<Void, RuntimeError> = .success(())
            for await result in group {
                if case .failure = result, case .success = outcome {
                    outcome = result
                    group.cancelAll()
                }
            }
            return outcome
        }
        try outcome.get()
    }

    /// Starts a database server and waits until it answers a query.
    func start(_ cluster: Cluster, _ half: InstanceLayout.Half) async throws(RuntimeError) {
        let begin = BootClock.now()
        let log = LogTail.size(of: self.lab.layout.log(cluster.name, of: half))
        try await self.lab.beginContainers([cluster.name])
        try await self.lab.control(of: half).start(cluster.name)
        try await self.wait(for: cluster.name, half, log) { await cluster.answers() }
        try await cluster.fill()
        self.report(cluster.name, since: begin)
    }

    private func result(of step: StartPlan.Step, _ log: Int) async -> Result<Void, RuntimeError> {
        do {
            let begin = BootClock.now()
            try await self.lab.control(of: step.half).start(step.program)
            try await self.wait(for: step.program, step.half, log) { await self.isReady(step) }
            self.report(step.program, since: begin)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func isReady(_ step: StartPlan.Step) async -> Bool {
        // Whoever does not answer is not ready, whatever the reason.
        switch step.readiness {
        case .running:
            return (try? await self.lab.control(of: step.half).state(of: step.program))?.phase == .running
        case .http(let base):
            let request = HTTPClientRequest(url: "\(base)/ready", timeout: .seconds(2), retries: 0)
            return (try? await self.lab.http.send(request))?.isSuccess == true  // refused: not ready
        }
    }

    private func wait(
        for program: String,
        _ half: InstanceLayout.Half,
        _ log: Int,
        _ isReady: () async -> Bool
    ) async throws(RuntimeError) {
        let end = BootClock.now() + UInt64(Self.limit.inSeconds * 1e9)
        var pause: UInt64 = 5
        while true {
            if await isReady() { return }
            let state = try await self.lab.control(of: half).state(of: program)
            if [.exited, .fatal, .backoff, .stopped, .unknown].contains(state.phase) {
                throw await self.ended(program, half, state, log)
            }
            if let health = state.health, health.status == .unhealthy {
                throw await self.unhealthy(program, half, health, log)
            }
            if Task.isCancelled { throw RuntimeError(.timedOut, "the start of \(program) was interrupted") }
            guard BootClock.now() < end else { throw await self.slow(program, half, state, log) }
            try? await Task.sleep(for: .milliseconds(pause))  // cancellation is checked above
            pause = min(pause * 2, 100)
        }
    }

    private func report(_ program: String, since begin: UInt64) {
        let milliseconds = (BootClock.now() - begin) / 1_000_000
        self.progress("\(program) ready in \(milliseconds) ms")
    }

    private func ended(
        _ program: String,
        _ half: InstanceLayout.Half,
        _ state: ProgramState,
        _ log: Int
    ) async -> RuntimeError {
        RuntimeError(
            .componentFailed,
            "\(program) ended while it started (exit status \(state.exitStatus))\(await self.lastWords(program, half, log))",
            hint: "the whole log is \(self.lab.layout.log(program, of: half))"
        )
    }

    private func unhealthy(
        _ program: String,
        _ half: InstanceLayout.Half,
        _ health: ContainerHealth,
        _ log: Int
    ) async -> RuntimeError {
        let complaint = health.complaint.isEmpty ? "" : " (\(health.complaint))"
        return RuntimeError(
            .componentFailed,
            "\(program) runs, but its container's health check fails\(complaint)\(await self.lastWords(program, half, log))",
            hint: "the whole log is \(self.lab.layout.log(program, of: half))"
        )
    }

    private func slow(
        _ program: String,
        _ half: InstanceLayout.Half,
        _ state: ProgramState,
        _ log: Int
    ) async -> RuntimeError {
        let complaint = state.health.map { $0.complaint.isEmpty ? "" : " (its check: \($0.complaint))" } ?? ""
        return RuntimeError(
            .timedOut,
            "\(program) runs but is not ready after \(Int(Self.limit.inSeconds)) s\(complaint)\(await self.lastWords(program, half, log))",
            hint: "the whole log is \(self.lab.layout.log(program, of: half))"
        )
    }

    private func lastWords(_ program: String, _ half: InstanceLayout.Half, _ log: Int) async -> String {
        var lines = LogTail.last(4, of: self.lab.layout.log(program, of: half), after: log)
        // A container that did not get as far as its program's log says so to the engine.
        if lines.isEmpty, let engine = self.lab.engine(of: half) {
            lines = (try? await engine.output(of: program, last: 4)) ?? []  // gone: nothing was said
        }
        return lines.isEmpty ? "" : "; its last words:\n" + lines.map { "    \($0)" }.joined(separator: "\n")
    }
}
