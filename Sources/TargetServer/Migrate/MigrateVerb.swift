import AgentOps
import Glibc
import OpsModel
import OpsPostgres
import OpsService

/// `TargetServer migrate [up | down | status | verify]`: prints one JSON object; exit code 0 when all is as it should be.
enum MigrateVerb {
    private struct Outcome: Encodable {
        var done: [Int]
        var repaired: [String]
        var missing: [String]
        var repairable: [String]
        var steps: [MigrationStatus]
        var isAtHead: Bool

        enum CodingKeys: String, CodingKey {
            case done
            case repaired
            case missing
            case repairable
            case steps
            case isAtHead = "at_head"
        }
    }

    static func run(_ arguments: [String]) -> Never {
        let words = ["up", "down", "status", "verify"]
        let verb = arguments.first.flatMap { words.contains($0) ? $0 : nil }
        let rest = Array(arguments.dropFirst(verb == nil ? 0 : 1))
        let settings = MigrateConfiguration.loadOrExit(program: "TargetServer migrate", arguments: rest)
        MainThread.run { await run(verb ?? "up", settings) }
    }

    private static func run(_ verb: String, _ settings: MigrateConfiguration) async -> Int32 {
        do {
            let connection = try await settings.connect()
            defer { connection.close() }
            let outcome = try await carryOut(verb, settings, connection)
            await record(verb, outcome, settings)
            print(try OpsJSON.string(outcome))
            return outcome.missing.isEmpty && (outcome.isAtHead || verb == "down") ? 0 : 1
        } catch {
            Program.complain("migrate: \(error)")
            return error is PostgresError ? 69 : 1
        }
    }

    /// Never holds the migration up: what cannot be sent now goes with the next one.
    private static func record(_ verb: String, _ outcome: Outcome, _ settings: MigrateConfiguration) async {
        guard !outcome.done.isEmpty || !outcome.repaired.isEmpty else { return }
        let recorder = Recorder.shop(settings.record, name: "migrate", verb: "migrate", hash: "none", logger: .silent)
        let payload: JSONValue = [
            "direction": .string(verb), "steps": .array(outcome.done.map { .int($0) }),
            "repaired": .array(outcome.repaired.map { .string($0) }),
        ]
        recorder.record(Event(.lifecycle, "schema.migrated", payload: payload))
        _ = await recorder.flush(within: .milliseconds(300))
    }

    private static func carryOut(
        _ verb: String,
        _ settings: MigrateConfiguration,
        _ connection: PostgresConnection
    ) async throws -> Outcome {
        var done: [Int] = []
        var repaired: [String] = []
        let inspection = SchemaInspection(connection: connection)
        switch verb {
        case "up":
            done = try await Schema.migrator.up(connection).map(\.number)
            if settings.isRepair { repaired = try await inspection.repair() }
            try await connection.execute(script: Schema.grants)
            // What a step has filled is counted at once, and not when the server finds the time.
            if !done.isEmpty { try await connection.execute(script: "ANALYZE", within: .seconds(60)) }
        case "down": done = try await Schema.migrator.down(connection, to: settings.to).map(\.number)
        default: break
        }
        let steps = try await Schema.migrator.status(connection)
        let isAtHead = steps.allSatisfy { $0.state == .applied }
        return Outcome(
            done: done,
            repaired: repaired,
            missing: isAtHead ? try await inspection.missing() : [],
            repairable: isAtHead ? try await inspection.repairable() : [],
            steps: steps,
            isAtHead: isAtHead
        )
    }
}
