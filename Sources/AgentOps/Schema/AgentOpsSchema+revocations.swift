import OpsPostgres

extension AgentOpsSchema {
    /// An approval can be taken back.
    ///
    /// The way back forgets the word, not the request: who approved it changed their mind, so it counts as denied.
    static let revocations = Migration(
        9,
        "revocations",
        up: #"""
            SET LOCAL ROLE agentops_owner;
            ALTER TABLE agentops.approval_requests DROP CONSTRAINT approval_requests_status_check;
            ALTER TABLE agentops.approval_requests ADD CONSTRAINT approval_requests_status_check
                CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'superseded', 'revoked', 'consumed'));
            RESET ROLE;
            """#,
        down: #"""
            SET LOCAL ROLE agentops_owner;
            UPDATE agentops.approval_requests SET status = 'denied' WHERE status = 'revoked';
            ALTER TABLE agentops.approval_requests DROP CONSTRAINT approval_requests_status_check;
            ALTER TABLE agentops.approval_requests ADD CONSTRAINT approval_requests_status_check
                CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'superseded', 'consumed'));
            RESET ROLE;
            """#
    )
}
