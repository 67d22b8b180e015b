/// What a program in a sandbox may use up, as the kernel counts it.
///
/// The kernel counts for each process, but processes and threads for all of them together, and those only where the sandbox was
/// started by an ordinary user: it lets root's go on.
struct SandboxLimits: Hashable, Sendable {
    /// Bytes of addresses that one process may have.
    var addressSpace = 4 << 30
    /// Seconds of processor time that one process may have.
    var processorS = 1_800
    /// Bytes of each place where it may write, and of one file.
    var fileBytes = 64 << 20
    /// Open files of one process.
    var openFiles = 1_024
    /// Processes and threads.
    var processes = 512

    /// Where the program may write: two folders in memory, and nothing beside them.
    var scratch: [String] {
        ["/tmp", "/dev/shm"].flatMap { ["--size", "\(fileBytes)", "--tmpfs", $0] }
    }

    /// Closes what was open while the sandbox was put together; after all that it shows.
    var closing: [String] { ["--remount-ro", "/dev", "--remount-ro", "/"] }

    /// The words before a command that start it under these limits, with no way to raise them.
    var start: [String] {
        [
            "/usr/bin/prlimit", "--as=\(addressSpace)", "--cpu=\(processorS)", "--fsize=\(fileBytes)",
            "--nofile=\(openFiles)", "--nproc=\(processes)", "--core=0", "--",
        ]
    }
}
