import OpsSystem

/// The time zones that this machine knows, read from its compiled ones.
///
/// Foundation's `TimeZone` knows none in a statically linked program, and libc's is one for the whole process.
struct ZoneCatalog: Sendable {
    var directory = "/usr/share/zoneinfo"

    /// - Throws: `bad_schedule` when there is no such zone here; `UTC` is always there.
    func rules(of name: String) throws(ChaosError) -> ZoneRules {
        if name == "UTC" || name == "Etc/UTC" { return .utc }
        guard Self.isName(name), let bytes = try? FileSystem.read("\(self.directory)/\(name)", limit: 1 << 18),
            let rules = ZoneFile.parse(bytes)
        else {
            throw ChaosError(
                .badSchedule,
                "time_zone: there is no \(Self.isName(name) ? name : "such name") here",
                hint: "a name such as Europe/Berlin, as in \(self.directory), or UTC"
            )
        }
        return rules
    }

    /// Names of directories and files of letters, digits, `_`, `+` and `-`: never a way out of the directory.
    static func isName(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= 64 && parts.count <= 3
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
            }
    }
}
