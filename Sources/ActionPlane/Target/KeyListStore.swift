import OpsSystem
import OpsTrust

/// A provider's list of the keys that it takes, changed by compare-and-swap only.
struct KeyListStore: Sendable {
    let path: String

    func read() throws(ActionError) -> AcceptedKeys {
        do { return AcceptedKeys(text: try FileSystem.text(path)) } catch {
            throw ActionError(.targetUnreadable, "the list of accepted keys cannot be read: \(error.message)")
        }
    }

    /// Puts a new list in place if the present one has this fingerprint.
    func replace(expecting fingerprint: String, with new: AcceptedKeys) throws(ActionError) {
        let isReplaced: Bool
        do { isReplaced = try FileSwap(path: path).replace(expecting: fingerprint, with: Array(new.text.utf8)) } catch {
            throw ActionError(.effectFailed, "the list of accepted keys could not be replaced: \(error.message)")
        }
        guard isReplaced else {
            throw ActionError(.factsDrifted, "somebody else changed the list of accepted keys in the same moment")
        }
    }
}
