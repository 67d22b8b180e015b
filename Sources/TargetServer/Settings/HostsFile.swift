import Glibc
import OpsSystem
import Synchronization

/// Names that this process looks up itself, in a file of `NAME=ADDRESS` lines that is looked at for every call.
///
/// A name that stands in it leads where it says, from the next call on; every other name is the system's affair. While the file
/// cannot be read, what it said last counts.
final class HostsFile: Sendable {
    /// Tells one content from the next without reading it.
    private struct Mark: Equatable {
        var inode: UInt64
        var size: Int
        var seconds: Int
        var nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            (inode, size) = (UInt64(status.st_ino), Int(status.st_size))
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        }
    }

    private let path: String
    /// The address at which a proxy stands for this machine's own.
    private let via: String?
    private let known = Mutex<(mark: Mark?, addresses: [String: String])>((nil, [:]))

    init(path: String, via: String? = nil) {
        self.path = path
        self.via = via
    }

    /// Where a name leads; nil for one that the file does not have.
    func address(of name: String) -> String? {
        known.withLock { known in
            let mark = Mark(path)
            // Unreadable for a moment: what it said last counts.
            if mark != nil, mark != known.mark, let file = try? EnvironmentFile(path: path, limit: 65_536) {
                known = (mark, file.values)
            }
            guard let address = known.addresses[name] else { return nil }
            return address == "127.0.0.1" ? via ?? address : address
        }
    }
}
