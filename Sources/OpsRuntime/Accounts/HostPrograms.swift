import OpsSystem

/// The Debian programs a lab runs.
package struct HostPrograms: Sendable {
    package let supervisord: String
    package let postgres: String
    package let initdb: String
    package let psql: String
    package let setpriv: String
    /// The library by which a server counts its statements; nil where the server came without it.
    package let statementStatistics: String?

    private static let oldest = 15

    /// Finds all of them, or names all that are missing at once.
    package static func find(root: String = "") throws(RuntimeError) -> HostPrograms {
        let server = self.serverDirectory(root)
        var missing: [String] = []
        func need(_ path: String?, _ package: String) -> String {
            if let path, FileSystem.isExecutable(path) { return path }
            missing.append(package)
            return ""
        }
        let programs = HostPrograms(
            supervisord: need("\(root)/usr/bin/supervisord", "supervisor"),
            postgres: need(server.map { "\($0)/postgres" }, "postgresql"),
            initdb: need(server.map { "\($0)/initdb" }, "postgresql"),
            psql: need(server.map { "\($0)/psql" }, "postgresql-client"),
            setpriv: need("\(root)/usr/bin/setpriv", "util-linux"),
            statementStatistics: server.flatMap { self.library("pg_stat_statements", of: $0) }
        )
        guard missing.isEmpty else {
            let packages = missing.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            throw RuntimeError(
                .missingProgram,
                "these Debian packages are missing: \(packages.joined(separator: ", "))",
                hint: "run scripts/bootstrap, or `apt-get install \(packages.joined(separator: " "))`"
            )
        }
        return programs
    }

    /// A library that the server whose programs lie in this directory can load by its name.
    private static func library(_ name: String, of programs: String) -> String? {
        FileSystem.exists("\(FileSystem.parent(of: programs))/lib/\(name).so") ? name : nil
    }

    /// The newest server that is new enough.
    private static func serverDirectory(_ root: String) -> String? {
        let base = "\(root)/usr/lib/postgresql"
        let versions = ((try? FileSystem.list(base)) ?? []).compactMap { Int($0) }  // no server at all
        return versions.filter { $0 >= self.oldest }.max().map { "\(base)/\($0)/bin" }
    }
}
