import OpsSystem
import OpsTrust

/// A configuration file is changed by key and everything else in it is kept; its hash is what compare-and-swap compares.
extension EnvironmentFile {
    /// SHA-256 of the bytes, in hexadecimal digits.
    var hash: String { Digest.sha256(bytes).hex }

    /// The same file with another value for a key; a new key goes to the end.
    func setting(_ key: String, to value: String) -> EnvironmentFile {
        var found = false
        let newline = UInt8(ascii: "\n")
        var changed = bytes.split(separator: newline, omittingEmptySubsequences: false).map { bytes -> String in
            let line = String(decoding: bytes, as: UTF8.self)
            guard Self.key(of: line) == key else { return line }
            found = true
            return "\(key)=\(value)"
        }
        if !found {
            if changed.last == "" { changed.removeLast() }
            changed += ["\(key)=\(value)", ""]
        }
        return EnvironmentFile(text: changed.joined(separator: "\n"))
    }
}
