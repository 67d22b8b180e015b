import OpsModel
import OpsPostgres
import OpsRuntime

/// A step of the schema was taken back under programs that need it, as a release that was rolled back by half leaves it.
///
/// It happens once: nothing brings it about again, and a restart neither repairs it nor makes it worse.
final class SchemaDrift: Fault {
    static let description = FaultDescription(
        kind: .schemaDrift,
        path: "/break/db/schema",
        title: "The schema is a step behind the programs: a column has its earlier name.",
        persistence: .event,
        targets: ["postgres"],
        parameters: [
            Parameter(
                name: "mode",
                kind: .choice(["behind", "unnoticed"]),
                fallback: "behind",
                help: "behind: the version table says so; unnoticed: it still says the newest step"
            ),
            Parameter(name: "table", kind: .name, fallback: "orders", help: "one of the topology's `state.rows`"),
            Parameter(name: "column", kind: .name, fallback: "remark", help: "the name that the programs know"),
            Parameter(name: "earlier", kind: .name, fallback: "note", help: "its name before the step"),
            Parameter(name: "step", kind: .name, fallback: "order-remarks", help: "the step that renamed it"),
        ],
        yieldsTo: ["the step applied anew", "any other name of the column"],
        unit: "columns renamed",
        mechanism: "a column is given its earlier name, and the step's row is taken from the version table",
        signs: ["pg.schema_version", "pg.missing_objects", "log.code"]
    )

    private let setting: FaultSetting
    private var change: SchemaChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let access = try self.setting.database()
        let table = try self.setting.declaredTable()
        let change = try self.change(of: table, access)
        self.change = change
        let resource = SharedResource.schema(of: self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .schema(change))],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.access.administrator(as: change.clientName)
        defer { administrator.close() }
        try change.apply(administrator)
        let state = try asking { () throws(PostgresError) in try change.state(administrator) }
        return state == change.newState ? 1 : 0
    }

    /// The undo has to be possible before the effect is.
    private func change(of table: String, _ access: PostgresAccess) throws(ChaosError) -> SchemaChange {
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        let parameters = self.setting.parameters
        let name = parameters.text("step")
        let step = try asking { () throws(PostgresError) in try SchemaChange.step(name, administrator) }
        guard let step else {
            throw ChaosError(.badParameter, "step: the version table has no step \(name)")
        }
        let change = SchemaChange(
            access: access,
            table: table,
            column: parameters.text("column"),
            earlier: parameters.text("earlier"),
            step: step,
            takesRow: parameters.text("mode") == "behind",
            clientName: self.setting.clientName("psql")
        )
        guard try asking({ () throws(PostgresError) in try change.state(administrator) }) == change.oldState else {
            throw ChaosError(
                .badParameter,
                "\(table) has to have a column \(change.column), and none that is called \(change.earlier)"
            )
        }
        return change
    }
}
