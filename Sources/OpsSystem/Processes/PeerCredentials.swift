import CLinux

/// Who is on the other side of a unix socket, as the kernel recorded it at connect.
public struct PeerCredentials: Sendable, Hashable {
    /// The process that connected.
    public let pid: Int32
    /// Its user.
    public let uid: UInt32
    /// Its group.
    public let gid: UInt32

    /// Asks the kernel about a connected unix socket; nil for any other descriptor.
    public init?(socket: Int32) {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
        guard opslab_linux_peer(socket, &pid, &uid, &gid) == 0 else { return nil }
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
}
