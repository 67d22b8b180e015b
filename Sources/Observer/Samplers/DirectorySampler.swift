import Glibc

/// Adds up how much the declared directories with a quota hold.
struct DirectorySampler: Sendable {
    let map: TargetMap
    let store: WorldStore

    /// Files looked at in one directory at most.
    private static let limit = 20_000

    func sample(_ tick: Tick) {
        for component in map.components {
            guard let path = component.path, let quota = component.quotaBytes else { continue }
            var budget = Self.limit
            guard let used = Self.size(of: path, budget: &budget) else { continue }
            let use = Sampled(
                value: DirectoryUse(usedBytes: used, limitBytes: quota),
                at: tick.at,
                isStarved: tick.isStarved
            )
            store.update { $0.directories[component.name] = use }
        }
    }

    /// Bytes allotted below a directory; nil when it cannot be opened.
    private static func size(of path: String, budget: inout Int) -> UInt64? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var total: UInt64 = 0
        while let entry = readdir(directory), budget > 0 {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            budget -= 1
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0 else { continue }
            total += UInt64(status.st_blocks) * 512
            if status.st_mode & S_IFMT == S_IFDIR { total += size(of: "\(path)/\(name)", budget: &budget) ?? 0 }
        }
        return total
    }
}
