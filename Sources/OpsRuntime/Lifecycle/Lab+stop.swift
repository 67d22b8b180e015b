import Glibc
import OpsSystem

extension Lab {
    /// Stops everything, last started first; with `purge`, removes every trace but the people's keys.
    ///
    /// A lab that is not there is no error: the result is what was asked for.
    ///
    /// - Returns: whether anything of it ran, what an earlier run had left behind included; and why a fault could not be taken
    ///   back, which the next start does before anything else.
    public func stop(
        purge: Bool,
        progress: @escaping Progress
    ) async throws(RuntimeError) -> (wasRunning: Bool, faultsLeft: String?) {
        let lock = try self.lock()
        defer { self.unlock(lock) }
        // Whoever stops a lab may have made this value before there was one; a damaged record tells nothing more.
        let written = try? InstanceRecord.read(self.layout.record)
        return try await (written.map(self.remembering) ?? self).stopLocked(purge: purge, progress: progress)
    }

    private func stopLocked(
        purge: Bool,
        progress: @escaping Progress
    ) async throws(RuntimeError) -> (wasRunning: Bool, faultsLeft: String?) {
        try await self.requireEngine()
        let isUp = await self.isUp()
        let wasRunning = isUp || !LeftoverProcesses(home: self.layout.home).find().isEmpty
        let reason = await self.stopProcesses(progress)
        if self.runtime == .compose { try await self.requireNoContainers() }
        if purge { try self.remove(progress) }
        return (wasRunning, purge ? nil : reason)
    }

    /// Ends what a killed supervisor or a killed `up` left behind, so that a start begins on clean ground.
    func sweep(_ progress: Progress) async throws(RuntimeError) {
        for half in InstanceLayout.Half.allCases { await self.process(half).stop() }
        let left = LeftoverProcesses(home: self.layout.home)
        let count = await left.end()
        if count > 0 { progress("ended \(count) processes that an earlier run had left behind") }
    }

    /// Gives the reason when a fault could not be taken back.
    @discardableResult
    func stopProcesses(_ progress: Progress) async -> String? {
        var reason: String?
        if await self.isUp() {
            progress("stopping")
            reason = await self.undoFaults()
            if let reason { progress("faults could not all be undone: \(reason)") }
        }
        if self.runtime == .compose, let record {
            do { try await ComposeProject(lab: self, record: record).remove() } catch {
                // Told, and tried again by the next start or stop: nothing else here can do it.
                progress("the containers could not all be removed: \(error.message)")
            }
        }
        // The lab first: its services need the target's answers to end well. Databases last: all record their end there.
        await self.process(.lab).stopPrograms(keeping: ["agentops-db"])
        await self.process(.target).stopPrograms(keeping: ["db"])
        async let target: Void = self.process(.target).stop()
        async let lab: Void = self.process(.lab).stop()
        _ = await (target, lab)
        let count = await LeftoverProcesses(home: self.layout.home).end()
        if count > 0 { progress("ended \(count) processes that did not stop by themselves") }
        await self.removeLinkTables()
        await ScratchVolume(path: self.layout.scratch).unmount()
        try? FileSystem.removeTree(self.layout.sockets)  // only sockets of ended processes are in it
        return reason
    }

    /// The kernel's tables outlive the programs that made them; in ours no rule matches anything any more.
    private func removeLinkTables() async {
        guard let record, record.runtime == .local, !record.isProxied, !record.linked.isEmpty else { return }
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        for program in record.linked {
            let words = ["nft", "delete", "table", "inet", record.linkTable(of: program)]
            // There is none where no program ever ran, nor on a machine without nftables.
            _ = try? await OpsSystem.run("/usr/bin/env", words, environment: environment, within: .seconds(5))
        }
    }

    /// Faults are undone while the target can still be asked; a failure is given back and does not stop the stopping.
    private func undoFaults() async -> String? {
        let state = self.layout.service("chaos")
        // Without that directory nothing was ever injected.
        guard FileSystem.exists("\(state)/faults"), let accounts = try? Accounts.resolve() else { return nil }
        let program = self.layout.program("ChaosServer")
        let (path, arguments) = accounts.command(as: .chaos, program, ["revert", "--all", "--state", state])
        try? await self.control(of: .lab).stop("chaos")  // it may not run
        let environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
        // A program that cannot be started is told below, like one that failed.
        let output = try? await OpsSystem.run(path, arguments, environment: environment, within: .seconds(15))
        guard output?.status.isSuccess != true else { return nil }
        return output.map { "\($0.text) \($0.errorText)" } ?? "no answer within 15 s"
    }

    private func remove(_ progress: Progress) throws(RuntimeError) {
        SharedMemory.remove(leftBy: ["\(self.layout.target)/pg", "\(self.layout.lab)/pg"])
        let entry = self.locator.entry(of: self.name)
        try translating {
            try FileSystem.removeTree(self.layout.home)
            if FileSystem.linkTarget(entry) != nil { try FileSystem.remove(entry) }
            // The directory of labs outside their clones goes with the last one.
            let shared = FileSystem.parent(of: self.layout.home)
            if shared != self.locator.state, try FileSystem.list(shared).isEmpty { try FileSystem.remove(shared) }
        }
        progress("removed \(self.layout.home)")
    }
}
