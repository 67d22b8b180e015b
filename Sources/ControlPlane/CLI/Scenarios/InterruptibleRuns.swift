import OpsCommand
import OpsService

/// Lets runs be interrupted: what was broken is taken back before the process ends, and what they are about is in no list of
/// processes meanwhile.
enum InterruptibleRuns {
    static func perform(_ runs: @escaping @Sendable () async throws -> Int32) async throws -> Int32 {
        ProcessArguments.hide()
        let work = Task { try await runs() }
        Signals.onTermination { _ in work.cancel() }
        do {
            return try await work.value
        } catch  where work.isCancelled {
            Terminal.err("interrupted: what was broken is taken back")
            return 130
        }
    }
}
