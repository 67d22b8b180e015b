import OpsPostgres
import OpsSpec

extension Bindings {
    /// The target's database, where it has one.
    var database: BoundPostgres? { components.values.lazy.compactMap(\.postgres).first }
}

extension BoundPostgres {
    /// A connection as the administrator, to this database or to another one of its server, as a person's shell would make it.
    func administration(of name: String? = nil) -> PostgresConfiguration {
        PostgresConfiguration(
            host: socket ?? host,
            port: port,
            user: admin ?? "postgres",
            database: name ?? database,
            applicationName: "psql"
        )
    }
}
