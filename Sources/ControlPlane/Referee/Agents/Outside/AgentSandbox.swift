import OpsSystem

/// A place for somebody's own program in which nothing of the lab exists: no file, no process, no network.
///
/// It is bubblewrap's work, with namespaces of the kernel. What the program needs is named word by word, so a folder that holds
/// labs or scenarios is never in it by accident. What it may use up is bounded by ``SandboxLimits``.
struct AgentSandbox: Hashable, Sendable {
    /// Files and folders that the program may read, beside the system's own.
    var files: [String]
    /// What the program may use up.
    var limits = SandboxLimits()

    static let program = "/usr/bin/bwrap"

    /// Why there can be no sandbox on this machine; nil when there can.
    static func problem() async -> String? {
        guard FileSystem.isExecutable(program) else { return "bubblewrap is not installed" }
        let sandbox = AgentSandbox(files: [])
        let probe = try? await run(program, sandbox.arguments(for: "/usr/bin/true", []), within: .seconds(5))
        guard let probe else { return "bubblewrap cannot be started" }
        return probe.status.isSuccess ? nil : String(probe.errorText.prefix(200))
    }

    /// The arguments of bubblewrap that start a program.
    func arguments(for path: String, _ words: [String]) -> [String] {
        var list = Self.walls + Self.system
        list += limits.scratch
        list += shown(path, words)
        list += limits.closing
        list += ["--chdir", "/tmp", "--"]
        list += limits.start
        return list + [path] + words
    }

    /// Namespaces of its own and none beside them, no rights, no terminal, no variable of ours.
    private static let walls = [
        "--unshare-user", "--unshare-all", "--disable-userns", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL",
        "--new-session", "--die-with-parent", "--hostname", "agent", "--clearenv", "--setenv", "PATH",
        "/usr/local/bin:/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8",
    ]

    /// The system's programs and libraries.
    private static var system: [String] {
        var list = ["--ro-bind", "/usr", "/usr"]
        for name in ["bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
            // Debian keeps links here; where they are folders of their own, those are shown.
            if FileSystem.linkTarget("/\(name)") != nil {
                list += ["--symlink", "usr/\(name)", "/\(name)"]
            } else {
                list += ["--ro-bind-try", "/\(name)", "/\(name)"]
            }
        }
        for name in ["alternatives", "ld.so.cache", "localtime", "ssl"] {
            list += ["--ro-bind-try", "/etc/\(name)", "/etc/\(name)"]
        }
        return list + ["--proc", "/proc", "--dev", "/dev"]
    }

    /// What has to be shown: the program, every word that is an absolute path of something, and what was named.
    ///
    /// A program that is a link stays one, with what it leads to beside it. A named folder comes last, since it may hold both.
    private func shown(_ path: String, _ words: [String]) -> [String] {
        let named = words.filter { $0.hasPrefix("/") && FileSystem.exists($0) && !FileSystem.isDirectory($0) }
        let target = FileSystem.realPath(path) ?? path
        var seen: Set<String> = []
        let all = ([target] + named + files).filter { !Self.isOfSystem($0) && seen.insert($0).inserted }
        let link: [String] = target == path || Self.isOfSystem(path) ? [] : ["--symlink", target, path]
        return link + all.flatMap { ["--ro-bind", $0, $0] }
    }

    private static func isOfSystem(_ path: String) -> Bool {
        ["/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/proc/", "/dev/"].contains(where: path.hasPrefix)
    }
}
