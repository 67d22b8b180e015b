import OpsModel

/// One instance lends its connections to the database and does not get them back: each stays in a transaction that nobody ends.
///
/// The server has room for more sessions, and nobody blocks anybody there: the pool of one process is empty.
final class PoolLeak: Fault {
    static let description = FaultDescription(
        kind: .poolLeak,
        path: "/break/db/pool",
        title: "One instance of a component loses its connections to the database: they are lent and never given back.",
        persistence: .held,
        targets: ["http"],
        parameters: [
            Parameter(
                name: "connections",
                kind: .number(1...1000),
                fallback: 1000,
                help: "how many; as many as its pool has when that is less"
            )
        ],
        yieldsTo: ["a restart by anybody"],
        unit: "connections",
        tolerance: .whatIsLeft,
        mechanism: "the process lends its connections and keeps them, each in an open transaction",
        signs: ["pool.in_use", "pool.waiting", "pg.sessions"],
        needs: [.strains]
    )

    private let program: StrainedProgram

    init(_ setting: FaultSetting) {
        self.program = StrainedProgram(
            setting,
            .connections,
            amount: Int(setting.parameters.number("connections").rounded())
        )
    }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan() }
    func apply() throws(ChaosError) -> Double? { try self.program.apply() }
    func look() throws(ChaosError) -> Presence { try self.program.look(absent: .released) }
    func release() { self.program.release() }
}
