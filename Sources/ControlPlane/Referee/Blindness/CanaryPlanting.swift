import OpsModel
import OpsRuntime
import OpsSystem

/// Puts the words where they belong for the time of a run, and takes them away again.
struct CanaryPlanting: Sendable {
    let canary: Canary
    let layout: InstanceLayout

    private var file: String { "\(layout.referee)/canary" }

    /// Plants, works, and takes away whatever happened.
    ///
    /// The process that shows its word ends when its input does: with this, or with us.
    func around<Result: Sendable>(_ work: () async throws -> Result) async throws -> Result {
        try FileSystem.makeDirectory(layout.referee, mode: 0o700)
        try FileSystem.writeAtomically(canary[.files], to: file)
        let shown = try LineChild(
            Spawn(path: "/bin/sh", arguments: ["-c", "read line", canary[.processes]]),
            lineLimit: 16,
            errorLimit: 0
        )
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
        await Task.detached { _ = await shown.stop(grace: .seconds(1)) }.value
        try FileSystem.remove(file)
        return try outcome.get()
    }
}
