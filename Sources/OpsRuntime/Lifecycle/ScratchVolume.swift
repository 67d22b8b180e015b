import Glibc
import OpsSystem

/// The small volume that a lab of processes keeps its working files on, so that what fills it fills nothing else.
///
/// It is kept in memory and has exactly the quota that the topology declares. Only root may mount one: elsewhere the directory is a
/// plain one, and nobody fills it.
struct ScratchVolume: Sendable {
    let path: String

    /// Whether something of its own is mounted there.
    var isMounted: Bool {
        guard let own = FileSystem.inode(path), let outer = FileSystem.inode(FileSystem.parent(of: path)) else {
            return false
        }
        return own.device != outer.device
    }

    /// Mounts it for an owner and a group; what is there already is kept.
    ///
    /// - Returns: why that could not be done; nil when it is there.
    func mount(bytes: Int, owner: UInt32, group: UInt32) async -> String? {
        guard !isMounted else { return nil }
        guard geteuid() == 0 else { return "only root may mount a volume" }
        let options = "size=\(bytes),mode=2775,uid=\(owner),gid=\(group),nodev,nosuid,noexec"
        return await Self.run(["mount", "-t", "tmpfs", "-o", options, "opslab-scratch", path])
    }

    /// Takes it away with everything in it, whoever still looks into it.
    func unmount() async {
        guard geteuid() == 0, isMounted else { return }
        _ = await Self.run(["umount", "-l", path])
    }

    private static func run(_ words: [String]) async -> String? {
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        do throws(SystemError) {
            let output = try await OpsSystem.run("/usr/bin/env", words, environment: environment, within: .seconds(5))
            return output.status.isSuccess ? nil : output.errorText
        } catch {
            return error.message
        }
    }
}
