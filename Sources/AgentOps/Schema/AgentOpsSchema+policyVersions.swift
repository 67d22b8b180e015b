import OpsPostgres

extension AgentOpsSchema {
    /// A version of a policy never changes: what decided once can be read for ever.
    static let policyVersions = Migration(
        10,
        "policy_versions",
        up: #"""
            SET LOCAL ROLE agentops_owner;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON agentops.policies
                FOR EACH STATEMENT EXECUTE FUNCTION agentops.refuse_change();
            REVOKE UPDATE ON agentops.policies FROM gate, operator;
            RESET ROLE;
            """#,
        down: #"""
            SET LOCAL ROLE agentops_owner;
            GRANT UPDATE ON agentops.policies TO gate, operator;
            DROP TRIGGER append_only ON agentops.policies;
            RESET ROLE;
            """#
    )
}
