import OpsPostgres

extension AgentOpsSchema {
    /// What each login role may do at all; row-level security then narrows it to an organisation.
    ///
    /// Nobody may delete except the gate its outbox, nobody may touch a partition directly, and the agent sees no table
    /// of decisions.
    static let grants = Migration(
        8,
        "grants",
        up: #"""
            SET LOCAL ROLE agentops_owner;
            REVOKE ALL ON FUNCTION agentops.isolate(text[]), agentops.ensure_partitions(integer) FROM PUBLIC;
            GRANT USAGE ON SCHEMA agentops TO target, action, observer, gate, agent, chaos, referee, operator;
            GRANT USAGE ON SCHEMA lab TO action, observer, gate, chaos, referee, operator;
            GRANT EXECUTE ON FUNCTION agentops.ensure_partitions(integer)
                TO target, action, observer, gate, agent, chaos, referee, operator;

            -- Registering and recording.
            GRANT SELECT ON agentops.organizations TO target, action, observer, gate, agent, chaos, referee, operator;
            GRANT SELECT, INSERT, UPDATE ON agentops.agents, agentops.runs, agentops.writer_positions
                TO target, action, observer, gate, agent, chaos, referee, operator;
            GRANT SELECT, UPDATE ON agentops.org_seq TO target, action, observer, gate, agent, chaos, referee, operator;
            GRANT INSERT ON agentops.events TO target, action, observer, gate, agent, chaos, referee, operator;
            GRANT SELECT ON agentops.events TO gate, referee, operator;
            GRANT SELECT, INSERT, UPDATE ON agentops.sessions TO gate, operator;

            -- The chain: added to by whoever decides or acts.
            GRANT INSERT ON agentops.audit_logs TO action, gate, chaos, referee, operator;
            GRANT SELECT ON agentops.audit_logs TO gate, referee, operator;
            GRANT SELECT, UPDATE ON agentops.audit_heads TO action, gate, chaos, referee, operator;

            -- The agents' kill switch; reader_lock exists only so that FOR SHARE is permitted.
            GRANT SELECT ON agentops.epochs TO action, gate, agent, referee, operator;
            GRANT UPDATE (reader_lock) ON agentops.epochs TO action;
            GRANT UPDATE ON agentops.epochs TO gate, operator;

            -- Decisions.
            GRANT SELECT, INSERT, UPDATE ON agentops.policies, agentops.approval_requests, agentops.budgets,
                agentops.api_keys, agentops.organization_members, agentops.users, agentops.projects, agentops.tasks,
                agentops.artifacts TO gate;
            GRANT SELECT ON agentops.approval_requests, agentops.budgets, agentops.projects, agentops.tasks,
                agentops.artifacts TO operator, referee;
            GRANT SELECT, INSERT, UPDATE ON agentops.policies, agentops.api_keys, agentops.organization_members,
                agentops.users TO operator;

            -- The lab.
            GRANT SELECT, INSERT, UPDATE ON lab.incidents, lab.incident_events, lab.evidence, lab.outbox, lab.signals,
                lab.pages TO gate;
            GRANT DELETE ON lab.outbox TO gate;
            GRANT SELECT ON lab.incidents, lab.incident_events, lab.evidence, lab.outbox, lab.signals, lab.pages,
                lab.actions, lab.samples, lab.log_lines, lab.templates TO operator, referee;
            GRANT SELECT ON lab.actions, lab.samples, lab.log_lines, lab.templates TO gate;
            GRANT SELECT, INSERT, UPDATE ON lab.actions TO action;
            GRANT SELECT, INSERT, UPDATE ON lab.pages, lab.signals, lab.templates TO observer;
            GRANT SELECT, INSERT ON lab.samples, lab.log_lines TO observer;
            GRANT SELECT, INSERT, UPDATE ON lab.faults TO chaos, referee;
            GRANT SELECT ON lab.faults TO operator;
            GRANT SELECT, INSERT, UPDATE ON lab.scenario_runs, lab.scenario_results TO operator, referee;
            RESET ROLE;
            """#,
        down: #"""
            REVOKE ALL ON ALL TABLES IN SCHEMA agentops, lab
                FROM target, action, observer, gate, agent, chaos, referee, operator;
            REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentops
                FROM target, action, observer, gate, agent, chaos, referee, operator;
            REVOKE ALL ON SCHEMA agentops, lab FROM target, action, observer, gate, agent, chaos, referee, operator;
            """#
    )
}
