import Glibc
import OpsSystem

/// Makes a private cluster and asks whether it serves.
package struct Cluster: Sendable {
    package let name: String
    package let plan: ClusterPlan
    package let programs: HostPrograms
    package let accounts: Accounts

    package init(name: String, plan: ClusterPlan, programs: HostPrograms, accounts: Accounts) {
        self.name = name
        self.plan = plan
        self.programs = programs
        self.accounts = accounts
    }

    /// Written last, so that a cluster that was interrupted while it was made is made again.
    private var mark: String { "\(FileSystem.parent(of: self.plan.data))/.\(self.name)-made" }
    private var rolesMark: String { "\(FileSystem.parent(of: self.plan.data))/.\(self.name)-filled" }

    /// Runs `initdb` unless it was done, and writes the configuration of today's ports and paths.
    package func prepare() async throws(RuntimeError) {
        if !FileSystem.exists(self.mark) {
            try translating {
                try FileSystem.removeTree(self.plan.data)
                try FileSystem.makeDirectory(self.plan.data, mode: 0o700)
                try FileSystem.setAccess(self.plan.data, mode: 0o700, owner: self.accounts[.database])
            }
            try await self.initialize()
            try translating { try FileSystem.writeAtomically("", to: self.mark, mode: 0o644) }
        }
        try self.write("pg_hba.conf", self.plan.hostBasedAuthentication)
        try self.write("pg_ident.conf", self.plan.identityMap)
        try self.write("opslab.conf", self.plan.settings)
    }

    /// Makes roles, databases and extensions unless they are there; the server must answer.
    package func fill() async throws(RuntimeError) {
        try await self.fillOnce()
        let script = self.plan.extensionScript
        // Asked at each start, because a cluster of an earlier version has none yet.
        if !script.isEmpty { try await self.administer(script, "its extensions could not be made") }
    }

    private func fillOnce() async throws(RuntimeError) {
        guard !FileSystem.exists(self.rolesMark) else { return }
        // A start that was interrupted in here left a part, and only a cluster without data can begin again.
        let known = try await self.query(
            "select rolname from pg_roles where rolname !~ '^pg_' and rolname <> 'postgres'"
        )
        if !known.isEmpty { try await self.removePartialFill(known) }
        try await self.administer(self.plan.script, "roles and databases could not be made")
        try translating { try FileSystem.writeAtomically("", to: self.rolesMark, mode: 0o644) }
    }

    /// Whether the server answers a query.
    package func answers() async -> Bool {
        (try? await self.query("select 1")) == ["1"]  // no answer is the answer
    }

    /// The first column of a query's rows, as the administrator.
    package func query(_ sql: String, database: String = "postgres") async throws(RuntimeError) -> [String] {
        let output = try await self.psql(
            ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"],
            input: sql + ";\n"
        )
        guard output.status.isSuccess else { throw RuntimeError(.clusterFailed, "\(self.name): \(output.errorText)") }
        return output.text.split(separator: "\n").map(String.init)
    }

    private func initialize() async throws(RuntimeError) {
        let arguments = [
            "-D", self.plan.data, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=peer",
            "--auth-host=reject", "--no-sync", "--no-instructions",
        ]
        let (program, words) = self.accounts.command(as: .database, self.programs.initdb, arguments)
        let output: CommandOutput
        do {
            output = try await run(
                program,
                words,
                environment: self.environment,
                directory: "/",
                within: .seconds(60)
            )
        } catch {
            throw RuntimeError(error)
        }
        guard output.status.isSuccess else {
            throw RuntimeError(
                .clusterFailed,
                "\(self.name): initdb failed: \(output.errorText)",
                hint: "is there room on the disk and may the user enter \(self.plan.data)?"
            )
        }
        try translating {
            let file = "\(self.plan.data)/postgresql.conf"
            try FileSystem.writeAtomically(try FileSystem.text(file) + "\ninclude 'opslab.conf'\n", to: file)
        }
    }

    private func administer(_ script: String, _ failure: String) async throws(RuntimeError) {
        let output = try await self.psql(
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-f", "-"],
            input: script
        )
        guard output.status.isSuccess else {
            throw RuntimeError(.clusterFailed, "\(self.name): \(failure): \(output.errorText)")
        }
    }

    private func write(_ file: String, _ text: String) throws(RuntimeError) {
        try translating {
            let path = "\(self.plan.data)/\(file)"
            try FileSystem.writeAtomically(text, to: path, mode: 0o600)
            try FileSystem.setAccess(path, mode: 0o600, owner: self.accounts[.database])
        }
    }

    private func removePartialFill(_ roles: [String]) async throws(RuntimeError) {
        let databases = try await self.query(
            "select datname from pg_database where datname not in ('postgres', 'template0', 'template1')"
        )
        for database in databases { _ = try await self.query("drop database \(ClusterPlan.identifier(database))") }
        for role in roles { _ = try await self.query("drop role \(ClusterPlan.identifier(role))") }
    }

    private func psql(_ arguments: [String], input: String) async throws(RuntimeError) -> CommandOutput {
        let address = ["-h", self.plan.socketDirectory, "-p", "\(self.plan.port)", "-U", "postgres"]
        let (program, words) = self.accounts.command(as: .database, self.programs.psql, address + arguments)
        do {
            return try await run(
                program,
                words,
                input: Array(input.utf8),
                environment: self.environment,
                directory: "/",
                within: .seconds(20)
            )
        } catch {
            throw RuntimeError(error)
        }
    }

    private var environment: [String: String] {
        ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "PGCONNECT_TIMEOUT": "5"]
    }
}
