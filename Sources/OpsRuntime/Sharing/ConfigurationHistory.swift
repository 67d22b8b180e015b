import OpsModel
package import OpsSystem

/// The earlier contents of one configuration file, with who replaced each: what a deploy leaves, whoever deploys.
///
/// A version is the content that was there before a change. Its number tells the order; nothing else does.
package struct ConfigurationHistory: Codable, Hashable, Sendable {
    /// Who replaced a version, beside the version itself.
    private struct Entry: Codable {
        var version: Int
        var time: Timestamp
        var author: String
        var sha256: String
    }

    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// The numbers of what is kept, the newest first.
    package func versions() throws(SystemError) -> [Int] {
        guard FileSystem.exists(self.directory) else { return [] }
        return try FileSystem.list(self.directory).compactMap(Self.version(of:)).sorted(by: >)
    }

    /// What a version said.
    package func content(of version: Int) throws(SystemError) -> EnvironmentFile {
        try EnvironmentFile(path: "\(self.path(version)).env")
    }

    /// Keeps a content under the next number, and gives that.
    @discardableResult
    package func keep(_ bytes: [UInt8], sha256: String, author: String) throws(SystemError) -> Int {
        let version = try (self.versions().first ?? 0) + 1
        let entry = Entry(version: version, time: .now(), author: author, sha256: sha256)
        let text: [UInt8]
        do { text = try OpsJSON.encode(entry) } catch {
            throw SystemError(.failed, "the entry of version \(version) cannot be written as JSON")
        }
        try FileSystem.writeAtomically(bytes, to: "\(self.path(version)).env", mode: 0o640)
        try FileSystem.writeAtomically(text, to: "\(self.path(version)).json", mode: 0o640)
        return version
    }

    /// Removes a version as if its change had never been.
    package func forget(_ version: Int) throws(SystemError) {
        try FileSystem.remove("\(self.path(version)).env")
        try FileSystem.remove("\(self.path(version)).json")
    }

    /// Removes all but the newest versions, each one's text last: as long as that is there the version counts as kept.
    package func trim(to count: Int) throws(SystemError) {
        for version in try self.versions().dropFirst(count) {
            try FileSystem.remove("\(self.path(version)).json")
            try FileSystem.remove("\(self.path(version)).env")
        }
    }

    private func path(_ version: Int) -> String {
        let digits = String(version)
        return "\(self.directory)/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
    }

    private static func version(of name: String) -> Int? {
        name.hasSuffix(".env") ? Int(name.dropLast(4)) : nil
    }
}
