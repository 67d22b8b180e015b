import Glibc
import OpsSystem

/// The small System V segment by which a PostgreSQL server guards its data directory; a killed server leaves it behind.
enum SharedMemory {
    static func remove(leftBy dataDirectories: [String]) {
        for directory in dataDirectories {
            guard let identifier = self.identifier(inLockFile: "\(directory)/postmaster.pid") else { continue }
            var status = shmid_ds()
            guard shmctl(identifier, IPC_STAT, &status) == 0, status.shm_nattch == 0 else { continue }
            shmctl(identifier, IPC_RMID, nil)
        }
    }

    /// The seventh line of a server's lock file holds the segment's key and number.
    private static func identifier(inLockFile path: String) -> Int32? {
        guard let text = try? FileSystem.text(path, limit: 4_096) else { return nil }  // an orderly stop leaves no file
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 6 else { return nil }
        return lines[6].split(separator: " ").last.flatMap { Int32($0) }
    }
}
