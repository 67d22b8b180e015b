internal import OpsModel
internal import OpsSystem

/// When the machine started, to which `/proc` counts the starts of processes.
enum BootTime {
    /// The wall clock's idea of it; read once, so that a process's start does not wander with the clock.
    static func read() -> Timestamp {
        let text = (try? FileSystem.text("/proc/stat")) ?? ""  // without it ages are wrong by the same amount for all
        let line = text.split(separator: "\n").first { $0.hasPrefix("btime ") }
        let seconds = line.flatMap { Double($0.dropFirst("btime ".count)) }
        return Timestamp(secondsSinceEpoch: seconds ?? 0)
    }
}
