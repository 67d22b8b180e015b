/// What the machine could still give to new work without swapping.
public enum AvailableMemory {
    /// In bytes; nil where the kernel does not say.
    public static func read() -> UInt64? {
        guard let bytes = try? FileSystem.read("/proc/meminfo", limit: 65_536) else { return nil }  // no /proc
        return self.parse(String(decoding: bytes, as: UTF8.self))
    }

    /// The line `MemAvailable:   12345 kB`.
    static func parse(_ text: String) -> UInt64? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { UInt64($0) }.map { $0 << 10 }
    }
}
