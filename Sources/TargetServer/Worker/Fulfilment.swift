import Glibc
import OpsModel
import OpsService
import OpsSystem

/// What the worker does for an order: writes its packing list, hands it over, and marks the order.
///
/// The list lies in the scratch directory while it is written, and is locked: one that nobody has locked was left by a process that
/// ended. An order whose list cannot be written waits.
struct Fulfilment: Sendable {
    let queue: JobQueue
    let scratch: String
    let logger: Logger

    func run(_ job: JobQueue.Job) async throws {
        guard job.kind == "fulfil" else { throw UnknownJob(kind: job.kind) }
        let path = "\(scratch)/\(job.payload).part"
        defer { unlink(path) }
        try writeList(for: job, at: path)
        if job.id % 211 == 0 { logger.warning("label printer was busy", ["job": .int(job.id)]) }
        try await queue.fulfil(job)
    }

    private func writeList(for job: JobQueue.Job, at path: String) throws(SystemError) {
        let file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o664)
        _ = flock(file.raw, LOCK_EX | LOCK_NB)  // whoever has it already only looks
        let line = "order \(job.payload)\npacked by job \(job.id), attempt \(job.attempt)\n"
        try file.write(Array(String(repeating: line, count: 40).utf8), doing: "write \(path)")
    }
}

/// A job of a kind that this version does not know.
///
/// The worker stops rather than lose it.
struct UnknownJob: Error, CustomStringConvertible {
    var kind: String
    var description: String { "no worker knows jobs of the kind '\(kind)'" }
}
