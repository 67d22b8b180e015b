import CLinux

/// What became of a wish to be restricted.
public enum LandlockOutcome: Sendable, Equatable {
    /// The kernel enforces it; `network` says whether the ports are enforced as well.
    case enforced(abi: Int, network: Bool)
    /// The kernel cannot, for this reason; nothing is restricted.
    case unsupported(reason: String)
}

/// Self-restriction by the kernel, without privilege and for good.
///
/// - Important: It binds the calling thread and what that starts, so call it before the first thread.
public enum Landlock {
    private static let execute: UInt64 = 1
    private static let readFile: UInt64 = 1 << 2
    private static let readDirectory: UInt64 = 1 << 3
    private static let connectTCP: UInt64 = 1 << 1
    private static let directoryOnly: UInt64 = ~(1 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15)

    /// The kernel's version of Landlock; 0 when it has none.
    public static var version: Int { max(0, Int(opslab_linux_landlock_abi())) }

    /// Keeps this process to the named paths and, when `connectPorts` is given, to TCP connections to these ports.
    ///
    /// A path that does not exist is left out: it cannot be opened anyway.
    public static func restrict(
        readOnly: [String],
        readWrite: [String],
        connectPorts: [UInt16]? = nil
    ) -> LandlockOutcome {
        let abi = Int(opslab_linux_landlock_abi())
        guard abi > 0 else { return .unsupported(reason: "this kernel has no Landlock") }
        let files = self.handledFiles(abi: abi)
        let hasNetwork = abi >= 4 && connectPorts != nil
        let raw = opslab_linux_landlock_ruleset(files, hasNetwork ? self.connectTCP : 0)
        guard raw >= 0 else { return .unsupported(reason: "the kernel refuses a Landlock ruleset") }
        let ruleset = FileDescriptor(owning: raw)
        let reading = self.execute | self.readFile | self.readDirectory
        for path in readOnly { self.allow(path, reading & files, ruleset) }
        for path in readWrite { self.allow(path, files, ruleset) }
        if hasNetwork {
            for port in connectPorts ?? [] { _ = opslab_linux_landlock_allow_port(raw, port, self.connectTCP) }
        }
        guard opslab_linux_no_new_privileges() == 0, opslab_linux_landlock_enforce(raw) == 0 else {
            return .unsupported(reason: "the kernel refuses to enforce Landlock")
        }
        return .enforced(abi: abi, network: hasNetwork)
    }

    private static func handledFiles(abi: Int) -> UInt64 {
        switch abi {
        case 1: (1 << 13) - 1
        case 2: (1 << 14) - 1
        case 3, 4: (1 << 15) - 1
        default: (1 << 16) - 1
        }
    }

    private static func allow(_ path: String, _ access: UInt64, _ ruleset: FileDescriptor) {
        let allowed = FileSystem.isDirectory(path) ? access : access & ~self.directoryOnly
        _ = opslab_linux_landlock_allow_path(ruleset.raw, path, allowed)
    }
}
