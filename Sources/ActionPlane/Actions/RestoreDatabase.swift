import OpsModel
import OpsPostgres
import OpsRuntime
import OpsTrust

/// Gives one table of the target's database the rows back that it has lost, from the newest snapshot in which it is whole.
///
/// No other table is touched, so no order that came in since is lost. A table that is still there keeps all its rows.
struct RestoreDatabase: RemediationAction {
    let database: Target.Database
    let keeper: SnapshotKeeper
    private var desk: DatabaseDesk { DatabaseDesk(configuration: database.administration) }

    init(_ database: Target.Database, _ keeper: SnapshotKeeper) {
        self.database = database
        self.keeper = keeper
    }

    var description: ActionDescription {
        ActionDescription(
            name: "restore-db",
            version: 1,
            title: "Bring back the lost rows of one table from a snapshot",
            parameters: schema.json,
            kinds: ["postgres"],
            risk: "high",
            downtimeS: 0,
            undo: "none: rows that came back stay; none that is there is changed",
            isReversible: false
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "component", kind: .word([database.component]), summary: "the database"),
            .init(name: "table", kind: .word(keeper.tables), summary: "the table", isRequired: true),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let name = parameters["table"]?.stringValue ?? ""
        let number = try await desk.query(SnapshotSQL.database).first?["number"] ?? ""
        let found = keeper.shelf.restorable(name, of: number)
        let now = try await desk.visit { try await LiveTable.read(name, found?.copy, found?.rows ?? [], on: $0) }
        guard let found else {
            let refusal = "there is no snapshot of this database in which \(name) has its rows"
            return await prepared(name, number, nil, now, [refusal])
        }
        return await prepared(name, number, (found.snapshot, found.copy), now, now.refusals(found.copy, found.snapshot))
    }

    /// What is there now is kept as well, before anything of it changes.
    func stage(_ prepared: PreparedAction, run: String) async throws(ActionError) -> PreparedAction {
        try await keeper.take()
        return prepared
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        let (snapshot, copy) = try found(intent)
        let restoration = TableRestoration(copy: copy, site: Self.site(intent))
        let rows = try keeper.shelf.rows(of: copy, in: snapshot)
        let planned = step.before["number"]?.stringValue
        try await desk.visit { connection in
            try await restoration.load(rows, on: connection)
            try await restoration.swap(planned: planned, on: connection)
        }
    }

    /// The copy goes with the transaction that uses it; the schema that held it is the mark that this was done.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        let site = Self.site(intent)
        let (phase, live) = try await desk.visit { connection in
            (try await site.phase(on: connection), try await site.number(on: connection))
        }
        if phase == .used { return live == nil ? .other("the table that was put back is gone") : .after }
        return live == step.before["number"]?.stringValue ? .before : .other("another table is there")
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        let (snapshot, copy) = try found(intent)
        let rows = try keeper.shelf.rows(of: copy, in: snapshot)
        let restoration = TableRestoration(copy: copy, site: Self.site(intent))
        let (count, missing) = try await desk.visit { connection in
            let count = try await restoration.site.rows(on: connection)
            return (count, copy.key.isEmpty ? 0 : try await restoration.missing(rows, on: connection))
        }
        guard missing < copy.rows else { throw ActionError(.postcheckFailed, "none of the rows came back") }
        return [
            "rows": .int(count), "snapshot": .string(snapshot.id), "snapshot_rows": .int(copy.rows),
            "not_back": .int(missing),
        ]
    }

    func cleanUp(_ intent: Intent) async throws(ActionError) {
        let site = Self.site(intent)
        try await desk.visit { try await site.clear(on: $0) }
    }

    private func prepared(
        _ name: String,
        _ number: String,
        _ found: (snapshot: Snapshot, copy: TableCopy)?,
        _ now: LiveTable,
        _ refusals: [String]
    ) async -> PreparedAction {
        let place: JSONValue = ["number": .optional(now.number)]
        let at = found?.snapshot.at.description ?? "never"
        let writes = if let found { await keeper.writes(since: found.copy) } else { TableWrites() }
        return PreparedAction(
            of: description,
            facts: [
                "component": .string(database.component), "table": .string(name), "database": .string(number),
                "schema": now.schema.map { .int($0) } ?? .null, "live": place,
                "snapshot": .optional(found?.snapshot.id), "digest": .optional(found?.copy.digest),
            ],
            diff: [
                "- \(name): " + (now.rows.map { "\($0) rows" } ?? "gone"),
                "+ \(name): \(now.missing) rows of \(at)",
            ],
            blastRadius:
                "rows of \(name) written after \(at) and gone by now are lost: \(writes.added) were added since and "
                + "\(writes.changed) changed; rows deleted on purpose since then come back; writes to \(name) wait meanwhile; "
                + "no other table is touched",
            claims: [.schema(of: database.component): nil],
            steps: [ActionStep("restore", name, before: place)],
            refusals: refusals
        )
    }

    /// The very snapshot of the plan.
    private func found(_ intent: Intent) throws(ActionError) -> (Snapshot, TableCopy) {
        let id = intent.facts["snapshot"]?.stringValue
        let name = intent.facts["table"]?.stringValue ?? ""
        guard let snapshot = keeper.shelf.snapshots.first(where: { $0.id == id }), let copy = snapshot.table(name),
            copy.digest == intent.facts["digest"]?.stringValue
        else { throw ActionError(.factsDrifted, "the snapshot of the plan is not there any more") }
        return (snapshot, copy)
    }

    private static func site(_ intent: Intent) -> RestorationSite {
        RestorationSite(
            name: intent.facts["table"]?.stringValue ?? "",
            schema: "restore_\(Digest.sha256(intent.run).hex.prefix(12))"
        )
    }
}

extension JSONValue {
    fileprivate static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
