import OpsSystem
import OpsTrust

/// What compare-and-swap compares of a configuration file.
extension EnvironmentFile {
    /// SHA-256 of the bytes, in hexadecimal digits.
    var hash: String { Digest.sha256(bytes).hex }

    /// The keys that have another value in the other file, but those named, in alphabetical order.
    func differences(from other: EnvironmentFile, but excluded: Set<String>) -> [String] {
        Set(values.keys).union(other.values.keys).subtracting(excluded).sorted().filter { self[$0] != other[$0] }
    }
}
