import OpsModel
import OpsPostgres
import OpsRuntime

/// An index is dropped that the programs' statements live on, as in a clean-up of what nobody seemed to use.
///
/// It happens once: nothing brings it about again, and a restart neither repairs it nor makes it worse.
final class MissingIndex: Fault {
    static let description = FaultDescription(
        kind: .missingIndex,
        path: "/break/db/index",
        title: "An index is gone: what was looked up is searched for in the whole table.",
        persistence: .event,
        targets: ["postgres"],
        parameters: [
            Parameter(
                name: "index",
                kind: .name,
                fallback: "sales_history_day",
                help: "an index of the schema public that is neither unique nor part of a constraint"
            )
        ],
        yieldsTo: ["an index of that name"],
        unit: "indexes dropped",
        mechanism: "the index is dropped; its definition, as the server gives it, is kept for the way back",
        signs: ["pg.missing_objects", "pg.statement_vs_baseline", "pg.sessions", "pool.waiting"],
        baselineWithinS: 15
    )

    private let setting: FaultSetting
    private var change: IndexChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let change = try self.change(try self.setting.database())
        self.change = change
        let resource = SharedResource.schema(of: self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .index(change))],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.access.administrator(as: change.clientName)
        defer { administrator.close() }
        try change.apply(administrator)
        let left = try asking { () throws(PostgresError) in
            try IndexChange.definition(of: change.index, administrator)
        }
        return left == nil ? 1 : 0
    }

    /// The undo has to be possible before the effect is.
    private func change(_ access: PostgresAccess) throws(ChaosError) -> IndexChange {
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        let name = self.setting.parameters.text("index")
        let definition = try asking { () throws(PostgresError) in
            try IndexChange.isForSpeed(name, administrator) ? IndexChange.definition(of: name, administrator) : nil
        }
        guard let definition else {
            throw ChaosError(
                .badParameter,
                "index: there is no \(name) that serves speed alone",
                hint: "choose one of the schema public that is neither unique nor part of a constraint"
            )
        }
        return IndexChange(
            access: access,
            index: name,
            definition: definition,
            clientName: self.setting.clientName("psql")
        )
    }
}
