import Glibc
public import OpsSystem

/// A directory that is gone when its owner is.
public final class TemporaryDirectory: Sendable {
    /// Where it is; short, so that sockets fit in.
    public let path: String

    /// Makes one with a name of its own.
    public init() throws(SystemError) {
        self.path = "/tmp/opslab-\(UInt64.random(in: 0 ... .max))"
        try FileSystem.makeDirectory(self.path)
    }

    deinit { try? FileSystem.removeTree(self.path) }  // what is left of a test is only litter

    /// The path of a file inside.
    public func file(_ name: String) -> String { "\(self.path)/\(name)" }
}
