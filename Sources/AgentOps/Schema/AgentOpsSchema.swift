public import OpsPostgres

/// The tables that every service records into: schemas `agentops` and `lab`.
///
/// The migrations run as a superuser. They create the login roles without passwords, which stay when the tables go,
/// because roles belong to the whole cluster.
public enum AgentOpsSchema {
    /// The migrations in order.
    public static let migrator = Migrator(
        schema: "agentops",
        migrations: [
            organisations, records, audit, governance, work, lab, telemetry, grants, revocations, policyVersions,
            agentPauses,
        ]
    )

    /// The login roles, one for each service and one each for the person at the shell and the scenario runner.
    public static let roles = ["target", "action", "observer", "gate", "agent", "chaos", "referee", "operator"]

    /// The organisations that exist from the start.
    public static let organisationNames = ["lab", "referee"]
}
