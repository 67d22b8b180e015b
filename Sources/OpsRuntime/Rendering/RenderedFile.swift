package import OpsSystem

/// A file that `up` writes: what is in it, and who may read it.
package struct RenderedFile: Sendable {
    package var path: String
    package var text: String
    package var mode: UInt32
    package var owner: SystemUser
    package var group: UInt32?
    /// A file that others change later is written only when it is missing.
    package var isInitial = false

    package func write() throws(RuntimeError) {
        if self.isInitial, FileSystem.exists(self.path) { return }
        try translating {
            try FileSystem.writeAtomically(self.text, to: self.path, mode: self.mode)
            try FileSystem.setAccess(self.path, mode: self.mode, owner: self.owner, group: self.group)
        }
    }
}
