import OpsPostgres

extension AgentOpsSchema {
    /// Agents that people have paused one by one, under the name by which they claim and grants name them.
    ///
    /// It is a table of its own because every service may write `agents`, an agent's too.
    static let agentPauses = Migration(
        11,
        "agent_pauses",
        up: #"""
            SET LOCAL ROLE agentops_owner;

            -- Written under the lock of the organisation's epoch, which whoever acts holds FOR SHARE while it writes its intent.
            -- changed_at voids what was granted for the agent before, also once it may go on.
            CREATE TABLE agentops.agent_pauses (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                agent text NOT NULL,
                is_paused boolean NOT NULL,
                reason text NOT NULL,
                changed_by text NOT NULL,
                changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (org_id, agent)
            );
            SELECT agentops.isolate('agentops.agent_pauses');
            GRANT SELECT ON agentops.agent_pauses TO action, gate, operator, referee;
            GRANT INSERT, UPDATE ON agentops.agent_pauses TO gate;
            RESET ROLE;
            """#,
        down: "DROP TABLE agentops.agent_pauses;"
    )
}
