import Glibc
import OpsSystem

/// Finds the directories of a lab: decided once from who asks and what the file system allows.
public struct InstanceLocator: Sendable {
    /// The directory that holds `Package.swift`, `compose/` and `runbooks/`.
    public let repository: String
    /// The directory that holds all labs.
    public let state: String
    private let isRoot: Bool
    private let runtimeDirectory: String?

    /// Takes the directory of all labs from `OPSLAB_LABS`, else `.opslab` in the repository.
    ///
    /// No service has a setting `labs`, so that this variable means nothing else to anybody.
    public init(repository: String, environment: [String: String], isRoot: Bool? = nil) {
        self.repository = Self.canonical(repository)
        let typed = environment["OPSLAB_LABS"] ?? ""
        self.state = Self.canonical(typed.isEmpty ? "\(repository)/.opslab" : typed)
        self.isRoot = isRoot ?? (geteuid() == 0)
        self.runtimeDirectory = self.isRoot ? "/run" : environment["XDG_RUNTIME_DIR"].flatMap(Self.own)
    }

    /// The directory of the repository: `OPSLAB_HOME`, else upwards from the working directory or from the program.
    public static func findRepository(environment: [String: String]) throws(RuntimeError) -> String {
        if let home = environment["OPSLAB_HOME"], !home.isEmpty { return home }
        for start in [Self.workingDirectory, FileSystem.parent(of: executablePath())] {
            var directory = start
            while directory != "/", directory != "." {
                if FileSystem.exists("\(directory)/compose/topology.yaml") { return directory }
                directory = FileSystem.parent(of: directory)
            }
        }
        throw RuntimeError(
            .stateDamaged,
            "no directory from here upwards holds compose/topology.yaml",
            hint: "run this from the clone, or set OPSLAB_HOME"
        )
    }

    /// The layout of a lab, whether it exists or not.
    public func layout(of name: InstanceName) -> InstanceLayout {
        let mark = Self.mark("\(self.state)/\(name)")
        return InstanceLayout(home: self.home(of: name, mark), sockets: self.sockets(mark), state: self.state)
    }

    /// The names of the labs that exist.
    public func instances() -> [InstanceName] {
        let names = (try? FileSystem.list(self.state)) ?? []  // no state directory: no labs
        return names.filter { FileSystem.exists("\(self.state)/\($0)/instance.json") }.compactMap {
            try? InstanceName($0)
        }
    }

    /// The link or directory below the state directory by which people find a lab.
    public func entry(of name: InstanceName) -> String { "\(self.state)/\(name)" }

    /// Service users cannot enter a clone below a private directory such as `/root`; the lab then lives elsewhere.
    private func home(of name: InstanceName, _ mark: String) -> String {
        let entry = self.entry(of: name)
        if self.isRoot, !Self.isOpenToAll(self.state) { return "/var/lib/opslab/\(mark)" }
        return entry
    }

    private func sockets(_ mark: String) -> String {
        if let runtimeDirectory, FileSystem.isDirectory(runtimeDirectory) {
            return "\(runtimeDirectory)/opslab-\(mark)"
        }
        let user = "/run/user/\(geteuid())"
        return FileSystem.isDirectory(user) ? "\(user)/opslab-\(mark)" : "/tmp/opslab-\(mark)"
    }

    private static func isOpenToAll(_ path: String) -> Bool {
        var directory = path
        while directory != "/", directory != "." {
            if FileSystem.exists(directory), !FileSystem.isOpenToOthers(directory) { return false }
            directory = FileSystem.parent(of: directory)
        }
        return true
    }

    /// `su` without a login keeps the variable of whoever came before.
    private static func own(_ directory: String) -> String? {
        FileSystem.owner(directory) == geteuid() ? directory : nil
    }

    /// The whole path without links, as the kernel names it: programs start in other directories, and a process is told by
    /// the path of its program.
    private static func canonical(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
        if let real = realpath(whole, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        // What does not exist yet has a parent that does, or will.
        let parts = whole.split(separator: "/")
        guard let last = parts.last else { return "/" }
        let parent = canonical("/" + parts.dropLast().joined(separator: "/"))
        return parent == "/" ? "/\(last)" : "\(parent)/\(last)"
    }

    private static var workingDirectory: String {
        guard let text = getcwd(nil, 0) else { return "." }
        defer { free(text) }
        return String(cString: text)
    }

    /// Eight hexadecimal digits that tell labs of several clones apart (FNV-1a).
    static func mark(_ path: String) -> String {
        let hash = path.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
