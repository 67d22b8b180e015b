import Glibc
import OpsSystem

/// A server with all its sessions, to be stopped in their tracks and let go on.
struct PostgresChildren {
    private let pids: [Int32]

    init(of postmaster: Int32) throws {
        let all = try FileSystem.list("/proc").compactMap { Int32($0) }
        pids = [postmaster] + all.filter { Self.parent(of: $0) == postmaster }
    }

    func pause() { for pid in pids { kill(pid, SIGSTOP) } }

    func resume() { for pid in pids { kill(pid, SIGCONT) } }

    /// The fourth word of `/proc/PID/stat`, counted from behind the name; nil when the process is gone.
    private static func parent(of pid: Int32) -> Int32? {
        guard let stat = try? FileSystem.text("/proc/\(pid)/stat", limit: 4_096),  // it may have ended just now
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let words = stat[stat.index(after: end)...].split(separator: " ")
        return words.count > 1 ? Int32(words[1]) : nil
    }
}
