import OpsModel
public import OpsPostgres
public import OpsTrust

extension AuditVerifier {
    /// Walks the whole chain of an organisation in the database.
    public static func verify(
        _ pool: PostgresPool,
        organisation: String,
        checkpoints: [AuditCheckpoint],
        keys: [PublicKey]
    ) async throws(PostgresError) -> Report {
        var verifier = AuditVerifier(organisation: organisation, checkpoints: checkpoints, keys: keys)
        let end = try await AuditTrail.head(pool)
        var last = 0
        while last < end.seq {
            let rows = try await AuditTrail.rows(pool, after: last, limit: min(1_000, end.seq - last))
                .filter { $0.seq <= end.seq }  // rows that came meanwhile belong to the next walk
            guard let final = rows.last else { break }
            for row in rows { verifier.take(row) }
            last = final.seq
        }
        return verifier.finish(end)
    }
}
