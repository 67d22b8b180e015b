import OpsModel
import OpsSystem

extension FaultStore {
    /// What can be said of all faults when some of their records cannot be read.
    struct Survey: Sendable {
        /// In the order in which they were asked for.
        var files: [FaultFile] = []
        /// Those that are on disk, and whose lines cannot be read now: whether they are over nobody knows.
        var unreadable: [String] = []

        var open: [FaultFile] { self.files.filter(\.machine.isOpen) }
    }

    /// Reads each record by itself, so that one that is broken hides no other.
    ///
    /// - Throws: when the faults cannot even be listed.
    func survey() throws(SystemError) -> Survey {
        var survey = Survey()
        for id in try self.ids() {
            do throws(SystemError) {
                if let file = try self.file(id) { survey.files.append(file) }
            } catch {
                survey.unreadable.append(id)
            }
        }
        survey.files.sort { ($0.plan?.requestedAt ?? .now()) < ($1.plan?.requestedAt ?? .now()) }
        return survey
    }
}
