import Glibc

/// An account of this machine.
public struct SystemUser: Sendable, Hashable {
    /// Its login name.
    public let name: String
    /// Its number.
    public let uid: UInt32
    /// Its first group.
    public let gid: UInt32
    /// Its home directory.
    public let home: String

    /// The account with this name.
    public static func named(_ name: String) -> SystemUser? { self.find { getpwnam_r(name, $0, $1, $2, $3) } }

    /// The account with this number.
    public static func with(uid: UInt32) -> SystemUser? { self.find { getpwuid_r(uid, $0, $1, $2, $3) } }

    /// The account this process runs as; a number without a name is named by it.
    public static var current: SystemUser {
        self.with(uid: geteuid()) ?? SystemUser(name: "\(geteuid())", uid: geteuid(), gid: getegid(), home: "/")
    }

    private typealias Entry = UnsafeMutablePointer<passwd>

    private static func find(
        _ lookUp: (Entry, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<Entry?>) -> Int32
    ) -> SystemUser? {
        var entry = passwd()
        var found: Entry?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let base = buffer.baseAddress, lookUp(&entry, base, buffer.count, &found) == 0, found != nil else {
                return nil
            }
            return SystemUser(
                name: String(cString: entry.pw_name),
                uid: entry.pw_uid,
                gid: entry.pw_gid,
                home: String(cString: entry.pw_dir)
            )
        }
    }
}
