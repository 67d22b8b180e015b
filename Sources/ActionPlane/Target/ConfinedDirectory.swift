import Glibc
import OpsSystem

/// A real directory at exactly the path that was configured: no link anywhere on the way leads elsewhere.
struct ConfinedDirectory: Sendable {
    let path: String
    /// Device and number: another directory of the same name has another one.
    let inode: String

    /// Opens it to look; refuses a link and whatever a link on the way would lead to.
    init(_ path: String) throws(ActionError) {
        guard let real = realpath(path, nil) else {
            throw ActionError(.targetUnreadable, "the directory cannot be found: \(Self.reason)")
        }
        defer { free(real) }
        let parent = FileSystem.parent(of: path)
        guard let realParent = realpath(parent, nil) else {
            throw ActionError(.targetUnreadable, "its parent directory cannot be found: \(Self.reason)")
        }
        defer { free(realParent) }
        let name = path.split(separator: "/").last ?? ""
        guard FileSystem.isDirectory(path), String(cString: real) == "\(String(cString: realParent))/\(name)",
            let inode = FileSystem.inode(path)
        else {
            throw ActionError(.notPermitted, "the path is no plain directory: a link would lead out of the target")
        }
        self.path = path
        self.inode = "\(inode.device):\(inode.number)"
    }

    func entries() throws(ActionError) -> Int {
        do { return try FileSystem.list(path).count } catch {
            throw ActionError(.targetUnreadable, error.message)
        }
    }

    /// Swaps an empty directory into its place in one step; the old one keeps its content under the name `aside`.
    func replace(expecting inode: String, aside: String) throws(ActionError) {
        guard self.inode == inode else { throw ActionError(.factsDrifted, "another directory has taken its place") }
        do {
            let access = try FileAccess(of: path)
            try FileSystem.makeDirectory(aside, mode: access.mode)
            access.apply(to: aside)
            try FileSystem.exchange(path, aside)
        } catch {
            throw ActionError(.effectFailed, "the directory could not be replaced: \(error.message)")
        }
        guard try ConfinedDirectory(aside).inode == inode else {
            // Somebody replaced it between our look and our swap: theirs goes back where they put it.
            do { try FileSystem.exchange(path, aside) } catch {
                throw ActionError(.effectFailed, "somebody's directory lies at \(aside): \(error.message)")
            }
            throw ActionError(.factsDrifted, "somebody else replaced the directory in the same moment")
        }
    }

    /// Deletes a directory with everything in it, following no link; nothing there is no error.
    static func delete(_ path: String) throws(ActionError) {
        do { try FileSystem.removeTree(path) } catch {
            throw ActionError(.effectFailed, "\(path) could not be deleted completely: \(error.message)")
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
