import Glibc
import OpsSystem

/// Notices that the `make` which started this process was told to end.
///
/// GNU make hands SIGTERM down to what it runs, but not SIGINT or SIGHUP: it takes those for a terminal's, which reach the whole
/// group anyway, sets them back to their default action and waits for its children. Sent to make alone, they would leave us
/// running. What make does about a signal can be read in `/proc` (SigCgt: signals that have a handler).
struct MakeWatch: Sendable {
    private let parent: Int32
    private let handled: UInt64

    /// Nil unless make is the parent.
    init?(parent: Int32 = getppid()) {
        guard let name = try? FileSystem.text("/proc/\(parent)/comm"), name.hasPrefix("make"),
            let handled = Self.handled(by: parent)
        else { return nil }
        self.parent = parent
        self.handled = handled
    }

    /// Returns when make has been told to end or is gone, or when the task is cancelled.
    func untilToldToEnd() async {
        while getppid() == self.parent, let now = Self.handled(by: self.parent),
            !Self.isEnding(before: self.handled, now: now)
        {
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return }
        }
    }

    /// Whether SIGINT or SIGHUP had a handler and has none any more.
    static func isEnding(before: UInt64, now: UInt64) -> Bool {
        [SIGINT, SIGHUP].contains { signal in
            let bit = UInt64(1) << UInt64(signal - 1)
            return before & bit != 0 && now & bit == 0
        }
    }

    static func handled(by process: Int32) -> UInt64? {
        guard let status = try? FileSystem.text("/proc/\(process)/status") else { return nil }  // it is gone
        let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        return line.flatMap { UInt64($0.dropFirst(7).filter(\.isHexDigit), radix: 16) }
    }
}
