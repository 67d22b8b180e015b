import OpsModel
import OpsRuntime
import OpsSystem

@testable import ActionPlane

/// What the journal of one run says at each moment at which the service may die.
struct JournalPrefixes {
    var intent: Intent
    /// The lines so far, from the consumed grant to the last step begun.
    var prefixes: [[JournalEntry]]

    /// Plans an action and writes down what its run would, without any effect.
    static func record(
        _ bench: ActionBench,
        _ action: any RemediationAction,
        _ parameters: [String: JSONValue]
    ) async throws -> JournalPrefixes {
        let run = "act-\(Identifier.random())"
        let staged = try await action.stage(try await action.prepare(parameters), run: run)
        let now = Timestamp.now()
        let consumption = Consumption(
            run: run,
            grants: [Identifier.random()],
            request: .init(principal: "gate", key: run, digest: "d"),
            action: action.name,
            parameters: parameters,
            decision: .example,
            expiresAt: now,
            at: now
        )
        let intent = Intent(
            run: run,
            action: action.name,
            version: 1,
            parameters: parameters,
            facts: staged.plan.facts,
            fingerprint: staged.plan.fingerprint,
            steps: staged.steps,
            resources: staged.claims.map { .init(name: $0.key, fingerprint: $0.value) },
            epoch: 0,
            bootID: BootClock.bootID,
            bootNanoseconds: BootClock.now(),
            at: now
        )
        let begun = staged.steps.indices.map { JournalEntry.begun(.init(run: run, index: $0, at: now)) }
        let lines = [.consumed(consumption), .intent(intent)] + begun
        return JournalPrefixes(intent: intent, prefixes: lines.indices.map { Array(lines[...$0]) })
    }

    /// Starts a service over a journal that holds just these lines, and says how it ended the run.
    static func recover(_ bench: ActionBench, _ lines: [JournalEntry]) async throws -> ActionResult? {
        try FileSystem.removeTree("\(bench.directory)/journal")
        do {
            let journal = try ActionJournal(directory: "\(bench.directory)/journal")
            for line in lines { try journal.append(line) }
        }
        let executor = try bench.executor()
        await executor.recover(within: .milliseconds(200))
        return executor.journal.ledger.runs.values.first?.result
    }
}

extension Decision {
    static let example = Decision(
        incident: "inc-1",
        agentRun: "run-1",
        step: "1",
        target: "db",
        kind: "human",
        signers: ["ann"]
    )
}
