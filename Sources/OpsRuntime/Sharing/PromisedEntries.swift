package import OpsSystem

/// Entries of a cache that were promised to stay until they expire: faults cause them, and the census looks for them.
///
/// An entry begins with a line of words about its content; one of them is `immutable`, as it is with caches of HTTP.
package struct PromisedEntries: Sendable {
    private static let word = Array("immutable".utf8)
    /// A line about a content is not longer than this.
    private static let longest = 256
    /// Entries are small; what is larger is none.
    private static let limit = 1 << 20
    private let directory: String

    /// Of the cache in this directory.
    package init(directory: String) { self.directory = directory }

    /// Their paths, in order.
    package func paths() throws(SystemError) -> [String] {
        try FileSystem.list(directory).filter { !$0.hasPrefix(".") }.sorted().map { "\(directory)/\($0)" }
            .filter(Self.isPromised)
    }

    private static func isPromised(_ path: String) -> Bool {
        // Gone by now
        guard !FileSystem.isDirectory(path), let bytes = try? FileSystem.read(path, limit: limit),
            let end = bytes.prefix(longest).firstIndex(of: UInt8(ascii: "\n"))
        else { return false }
        return bytes[..<end].split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(word) }
    }
}
