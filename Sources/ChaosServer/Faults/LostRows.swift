import OpsModel
import OpsPostgres
import OpsRuntime

/// A table was dropped by mistake, or emptied by a bulk load that died; the schema's version says nothing of it.
///
/// It happens once. Nothing is lost for good: the rows lie in a schema that only the administrator can look into, until the undo
/// or the next reset of the target.
final class LostRows: Fault {
    /// More would take longer than a statement of the injector's may.
    private static let mostRows = 50_000

    static let description = FaultDescription(
        kind: .lostRows,
        path: "/break/db/data",
        title: "A table is gone, or there and without its rows.",
        persistence: .event,
        targets: ["postgres"],
        parameters: [
            Parameter(
                name: "mode",
                kind: .choice(["dropped", "emptied"]),
                fallback: "dropped",
                help: "the table with what refers to it, or its rows only"
            ),
            Parameter(
                name: "table",
                kind: .name,
                fallback: nil,
                help: "one of the topology's `state.rows`; without it the first"
            ),
        ],
        yieldsTo: ["another table of that name", "any of its rows in the table"],
        unit: "tables without their rows",
        mechanism:
            "the table, or a copy of its rows, is put into a schema that only the administrator may look into, and is gone",
        signs: ["pg.missing_objects", "pg.rows", "log.code", "pg.schema_version"]
    )

    private let setting: FaultSetting
    private var change: TableChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let table = try self.setting.declaredTable(or: self.setting.access.tables.first)
        let change = try self.change(of: table, try self.setting.database())
        self.change = change
        let resource = SharedResource.schema(of: self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .table(change))],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.access.administrator(as: change.clientName)
        defer { administrator.close() }
        try change.apply(administrator)
        change.tidy(administrator)
        let state = try asking { () throws(PostgresError) in try change.state(administrator) }
        return state == .taken ? 1 : 0
    }

    /// The undo has to be possible before the effect is.
    private func change(of table: String, _ access: PostgresAccess) throws(ChaosError) -> TableChange {
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        var change = TableChange(
            access: access,
            table: table,
            number: "",
            key: [],
            isDropped: self.setting.parameters.text("mode") == "dropped",
            incoming: [],
            aside: self.setting.clientName("archive").replacing("-", with: "_"),
            clientName: self.setting.clientName("psql")
        )
        let found = try asking { () throws(PostgresError) in
            change.incoming = try IncomingKey.all(of: change.place, administrator)
            return try administrator.query(Self.question, [.text(change.place)]).first
        }
        guard let found, let number = found["number"] else {
            throw ChaosError(.conflict, "\(table) is gone already", hint: "put it back first")
        }
        change.number = number
        change.key = try asking { () throws(PostgresError) in try found.strings("key") }
        try self.check(change, isSuper: found["rolsuper"] == "t", administrator)
        return change
    }

    private func check(
        _ change: TableChange,
        isSuper: Bool,
        _ administrator: SynchronousPostgresConnection
    ) throws(ChaosError) {
        guard isSuper else {
            throw ChaosError(
                .undoImpossible,
                "the administrator of the database may not put rows back without their checks"
            )
        }
        guard !change.key.isEmpty else {
            throw ChaosError(.undoImpossible, "\(change.table) has no primary key by which its rows could be told")
        }
        let rows = try asking { () throws(PostgresError) in
            try administrator.query("SELECT count(*)::int AS n FROM \(change.place)").only().int("n")
        }
        guard rows > 0 else { throw ChaosError(.conflict, "\(change.table) is empty already", hint: "fill it first") }
        guard rows <= Self.mostRows else {
            throw ChaosError(
                .undoImpossible,
                "\(change.table) has \(rows) rows; what could be put back in time has at most \(Self.mostRows)"
            )
        }
    }

    private static let question = """
        SELECT c.oid::text AS number, rolsuper, ARRAY(
          SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
          WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY 1) AS key
        FROM pg_class c, pg_roles WHERE c.oid = to_regclass($1) AND c.relkind = 'r' AND rolname = current_user
        """
}
