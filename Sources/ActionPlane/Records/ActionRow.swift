import OpsModel
import OpsPostgres

/// One run as a row of `lab.actions`: written with the intent, completed with the result, the same row both times.
struct ActionRow: Sendable {
    let values: [PostgresValue]

    static let upsert = """
        INSERT INTO lab.actions (id, name, version, parameters, state, principal, grant_id, idempotency_key, epoch,
            fingerprint, requested_at, started_at, ended_at, outcome, document, incident_id, run_id, target)
        VALUES ($1, $2, $3::int, $4::jsonb, $5, $6, $7, $8, $9::bigint, $10, $11::timestamptz, $12::timestamptz,
            $13::timestamptz, $14, $15::jsonb, $16, $17, $18)
        ON CONFLICT (org_id, id) DO UPDATE SET state = excluded.state,
            epoch = coalesce(excluded.epoch, lab.actions.epoch),
            fingerprint = coalesce(excluded.fingerprint, lab.actions.fingerprint),
            started_at = coalesce(excluded.started_at, lab.actions.started_at),
            ended_at = excluded.ended_at, outcome = excluded.outcome, document = excluded.document
        """

    /// The row while a run is under way.
    init(_ consumption: Consumption, intent: Intent) throws {
        values = Self.values(consumption, intent, state: .running, result: nil, document: .object(intent.facts))
    }

    /// The row of a run that is over; nil while it is not.
    init?(_ run: ActionLedger.Run) throws {
        guard let result = run.result else { return nil }
        values = Self.values(
            run.consumption,
            run.intent,
            state: result.state,
            result: result,
            document: try JSONValue(encoding: result)
        )
    }

    private static func values(
        _ consumption: Consumption,
        _ intent: Intent?,
        state: ActionState,
        result: ActionResult?,
        document: JSONValue
    ) -> [PostgresValue] {
        [
            .text(consumption.run), .text(consumption.action), .int(intent?.version ?? 1),
            .json(.object(consumption.parameters)), .text(state.rawValue), .text(consumption.request.principal),
            .optional(consumption.grants.first),
            // Keys are a principal's own; two principals may happen on the same one.
            .text("\(consumption.request.principal):\(consumption.request.key)"),
            .optional(intent?.epoch), .optional(intent?.fingerprint), .timestamp(consumption.at),
            .optional(intent?.at), .optional(result?.endedAt), .optional(result?.message), .json(document),
            .optional(Self.named(consumption.decision.incident)), .optional(Self.named(consumption.decision.agentRun)),
            .optional(Self.named(consumption.decision.target)),
        ]
    }

    private static func named(_ text: String) -> String? { text.isEmpty ? nil : text }
}
