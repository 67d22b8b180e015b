import Glibc

/// The programs that `make build` made, from which images are packed.
struct BuiltPrograms: Sendable {
    let directory: String

    /// When the last of them was built, in seconds since 1970; nil when there is none.
    var newest: Int? { LabPreparation.executables.compactMap { Self.modified("\(directory)/\($0)") }.max() }

    /// When a file was last written.
    static func modified(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mtim.tv_sec : nil
    }
}
