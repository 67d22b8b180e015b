import OpsHTTP
public import OpsModel

/// What a person's command line asks about the audit chain.
extension OperatorClient {
    /// Rows that match, and whether the whole chain fits together.
    public func audit(_ filter: AuditFilter = AuditFilter()) async throws -> AuditPage {
        let query = filter.members.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        return try await client.get("/api/v1/audit-logs?\(query)", timeout: .seconds(30))
    }
}
