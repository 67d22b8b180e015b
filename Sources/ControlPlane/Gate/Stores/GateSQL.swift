/// The statements of the gate's store.
///
/// None names an organisation: row-level security does.
enum GateSQL {
    /// One page after another, or two pages of one outage would open two incidents.
    static let serialiseIntake = "SELECT pg_advisory_xact_lock(hashtext('lab.incidents.intake'))"

    static let incident = "SELECT document FROM lab.incidents WHERE id = $1"
    static let lockIncident = "SELECT document FROM lab.incidents WHERE id = $1 FOR UPDATE"
    static let newestIncidents = "SELECT document FROM lab.incidents ORDER BY opened_at DESC LIMIT $1::int"
    static let openIncidents = "SELECT document FROM lab.incidents WHERE ended_at IS NULL ORDER BY opened_at"
    static let lockOpenIncidents = openIncidents + " FOR UPDATE"
    /// An agent whose claim lapsed is no longer in the column; records from before there was a list have only that.
    static let endedIncidents = """
        SELECT document FROM lab.incidents
        WHERE ended_at < $1::timestamptz AND agent IS DISTINCT FROM $2::text
            AND NOT coalesce(document -> 'agents' ? $2::text, false)
        ORDER BY ended_at DESC LIMIT $3::int
        """
    /// A key outlives its incident by a minute, so that its agent can still hear how it ended.
    static let incidentOfKey = """
        SELECT id FROM lab.incidents
        WHERE (ended_at IS NULL OR ended_at > now() - interval '1 minute')
            AND (document ->> 'keyHash' = $1 OR document -> 'lapsedKeys' ? $1)
        """
    /// Whether a page with this fingerprint and this beginning has been in an incident before.
    static let hasSeen = """
        SELECT 1 FROM lab.incidents, jsonb_array_elements(document #> '{incident,pages}') AS page
        WHERE page ->> 'fingerprint' = $1 AND (page ->> 'started_at')::timestamptz = $2::timestamptz LIMIT 1
        """
    static let insertIncident = """
        INSERT INTO lab.incidents (id, state, title, opened_at) VALUES ($1, 'open', '', $2::timestamptz)
        """
    static let updateIncident = """
        UPDATE lab.incidents SET state = $2, title = $3, agent = $4, ended_at = $5::timestamptz, document = $6::jsonb,
            version = version + 1 WHERE id = $1
        """

    static let events = """
        SELECT seq, at, type, message, coalesce(payload, 'null') AS payload FROM lab.incident_events
        WHERE incident_id = $1 AND seq > $2::bigint ORDER BY seq
        """
    static let insertEvent = """
        INSERT INTO lab.incident_events (incident_id, seq, type, message, payload)
        VALUES ($1, $2::bigint, $3, $4, $5::jsonb)
        """

    static let evidence = """
        SELECT answer FROM lab.evidence WHERE incident_id = $1 ORDER BY substr(id, 4)::int
        """
    static let firstEvidence = evidence + " LIMIT $2::int"
    static let insertEvidence = """
        INSERT INTO lab.evidence (incident_id, id, answer)
        SELECT $1, e.id, e.answer::jsonb FROM unnest($2::text[], $3::text[]) AS e (id, answer)
        """

    static let insertCommand = """
        INSERT INTO lab.outbox (id, incident_id, kind, payload) VALUES ($1, $2, 'action', $3::jsonb)
        """
    static let waitingCommands = """
        SELECT payload FROM lab.outbox WHERE kind = 'action' AND state = 'waiting' ORDER BY created_at LIMIT 20
        """
    static let finishCommand = """
        UPDATE lab.outbox SET state = 'done', attempts = attempts + 1, result = $2::jsonb WHERE id = $1
        """

    static let insertMessage = """
        INSERT INTO lab.outbox (id, incident_id, kind) VALUES ($1, $2, 'chat') ON CONFLICT (org_id, id) DO NOTHING
        """
    static let claimMessage = """
        UPDATE lab.outbox SET attempts = attempts + 1, not_before = now() + interval '3 seconds' * (attempts + 1)
        WHERE id = $1 AND kind = 'chat' AND state = 'waiting' AND not_before <= now() AND attempts < $2::int
        RETURNING id
        """
    static let finishMessage = "UPDATE lab.outbox SET state = 'done' WHERE id = $1 AND kind = 'chat'"

    static let upsertApproval = """
        INSERT INTO agentops.approval_requests
            (id, incident_id, action_type, digest, document, status, requester, expires_at, decided_at, approver_user_id,
             approval_comment, quorum, required_roles)
        VALUES ($1, $2, 'remediation', $3, $4::jsonb, $5, $6, $7::timestamptz, $8::timestamptz, $9, $10, $11::int,
            $12::text[])
        ON CONFLICT (org_id, id) DO UPDATE SET status = EXCLUDED.status, document = EXCLUDED.document,
            decided_at = EXCLUDED.decided_at, approver_user_id = EXCLUDED.approver_user_id,
            approval_comment = EXCLUDED.approval_comment
        """

    static let dropCommand = "UPDATE lab.outbox SET state = $2 WHERE id = $1"

    /// One change of the policy after another, or the later would put back what the earlier had changed.
    static let serialisePolicy = "SELECT pg_advisory_xact_lock(hashtext('agentops.policies.default'))"
    static let policy = """
        SELECT rule_definition FROM agentops.policies WHERE id = 'default' ORDER BY version DESC LIMIT 1
        """
    static let insertPolicy = """
        INSERT INTO agentops.policies (id, version, name, rule_definition)
        SELECT 'default', coalesce(max(version), 0) + 1, 'default', $1::jsonb
        FROM agentops.policies WHERE id = 'default'
        """

    /// Whoever decides under the rules keeps them as they are until the decision is committed.
    static let shareRules = "SELECT pg_advisory_xact_lock_shared(hashtext('agentops.policies.rules'))"
    static let lockRules = "SELECT pg_advisory_xact_lock(hashtext('agentops.policies.rules'))"
    private static let ruleColumns = "id, version, name, description, status, rule_definition, created_by, created_at"
    private static let newestRules = """
        SELECT DISTINCT ON (id) \(ruleColumns), min(created_at) OVER (PARTITION BY id) AS first_at
        FROM agentops.policies WHERE id <> 'default' ORDER BY id, version DESC
        """
    static let rules = "SELECT \(ruleColumns) FROM (\(newestRules)) AS newest ORDER BY first_at, id"
    static let activeRules = """
        SELECT \(ruleColumns) FROM (\(newestRules)) AS newest WHERE status = 'active' ORDER BY first_at, id
        """
    static let ruleVersions = """
        SELECT \(ruleColumns) FROM agentops.policies WHERE id = $1 AND id <> 'default' ORDER BY version DESC
        """
    static let insertRule = """
        INSERT INTO agentops.policies
            (id, version, name, description, status, rule_definition, created_by, supersedes, created_at)
        VALUES ($1, $2::int, $3, $4, $5, $6::jsonb, $7, nullif($2::int - 1, 0), clock_timestamp())
        RETURNING \(ruleColumns)
        """

    static let epoch = "SELECT epoch FROM agentops.epochs"
    static let raiseEpoch = """
        UPDATE agentops.epochs SET epoch = epoch + 1, is_stopped = $1::boolean, reason = $2 RETURNING epoch
        """
}
