import Glibc

/// The fields of `/proc/PID/stat` that we use.
struct ProcessStat: Sendable {
    var state: Character
    var parent: Int32
    var cpuTicks: UInt64
    var threads: Int
    var startTicks: UInt64
    var rssPages: Int

    var hasEnded: Bool { self.state == "Z" || self.state == "X" }

    static func read(pid: Int32) -> ProcessStat? {
        guard pid > 0, let bytes = try? FileSystem.read("/proc/\(pid)/stat", limit: 4_096) else { return nil }  // gone
        return ProcessStat(parsing: bytes)
    }

    /// The name in parentheses may contain anything, so fields are counted from the last closing one.
    init?(parsing bytes: [UInt8]) {
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count > 21, let state = fields[0].first, let parent = Int32(fields[1]),
            let user = UInt64(fields[11]), let kernel = UInt64(fields[12]), let threads = Int(fields[17]),
            let start = UInt64(fields[19]), let rss = Int(fields[21])
        else { return nil }
        self.state = state
        self.parent = parent
        self.cpuTicks = user + kernel
        self.threads = threads
        self.startTicks = start
        self.rssPages = rss
    }
}
