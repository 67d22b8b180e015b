import OpsModel
import OpsSystem
import OpsTrust

/// Puts new bytes in the place of exactly those that are expected.
///
/// The new file is swapped with the old one in one step, and swapped back when what came out is not what was expected: nobody's
/// change is lost, and no reader ever finds the name missing.
struct FileSwap: Sendable {
    let path: String

    /// False when somebody else's bytes stayed where they were; else `keep` gets the old ones before they are removed.
    func replace(
        expecting hash: String,
        with bytes: [UInt8],
        keep: ([UInt8]) throws(SystemError) -> Void = { _ in }
    ) throws(SystemError) -> Bool {
        let aside = "\(path).\(Identifier.random())"
        let access = try FileAccess(of: path)
        try FileSystem.writeAtomically(bytes, to: aside, mode: access.mode)
        // Not the owner's user: then the group is what gives the owner access, and the mode was copied.
        access.apply(to: aside)
        try FileSystem.exchange(aside, path)
        let old = try FileSystem.read(aside)
        let isExpected = Digest.sha256(old).hex == hash
        if isExpected { try keep(old) } else { try FileSystem.exchange(aside, path) }
        try FileSystem.remove(aside)
        return isExpected
    }
}
