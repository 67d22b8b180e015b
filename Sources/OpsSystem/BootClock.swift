import CLinux

/// Time since the machine booted, suspended time included: the clock for leases, because nobody can set it.
public enum BootClock {
    /// Nanoseconds since boot.
    public static func now() -> UInt64 { opslab_linux_boottime() }

    /// Names this boot; a record that carries another identifier was written before a restart of the machine.
    public static let bootID: String = {
        let bytes = (try? FileSystem.read("/proc/sys/kernel/random/boot_id", limit: 64)) ?? []  // absent without /proc
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }()

    /// Seconds between two readings.
    public static func seconds(from start: UInt64, to end: UInt64) -> Double {
        end >= start ? Double(end - start) / 1e9 : -Double(start - end) / 1e9
    }
}
