import Glibc

/// A group of this machine.
public enum SystemGroup {
    /// The number of the group with this name.
    public static func number(named name: String) -> UInt32? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { buffer in
            guard let base = buffer.baseAddress, getgrnam_r(name, &entry, base, buffer.count, &found) == 0, found != nil
            else {
                return nil
            }
            return entry.gr_gid
        }
    }
}
