import OpsModel

/// What faults of a database have in common.
extension FaultSetting {
    /// The table that the request names, or else this one; nothing that the topology does not declare may be touched.
    func declaredTable(or fallback: String? = nil) throws(ChaosError) -> String {
        let named = self.parameters.text("table")
        let table = named.isEmpty ? fallback ?? "" : named
        guard self.access.tables.contains(table) else {
            throw ChaosError(
                .outOfScope,
                "the topology declares no table \(table)",
                hint: "choose from \(self.access.tables.joined(separator: ", "))"
            )
        }
        return table
    }

    /// - Throws: `bad_target` for a component that is no database.
    func database() throws(ChaosError) -> PostgresAccess {
        guard let access = self.access.postgres else {
            throw ChaosError(
                .badTarget,
                "\(self.access.component) is no database",
                hint: "targets are of kind postgres"
            )
        }
        return access
    }

    /// The database role of the component that is bound to `culprit`: its sessions run under a role of its own name.
    var culprit: String { self.request.roles["culprit"] ?? "report" }

    /// The client name of a program of the system itself, whose sessions these look like.
    func clientName(ofProgram role: String) -> String {
        self.clientName([self.access.system, role].compactMap(\.self).joined(separator: "-"))
    }
}
