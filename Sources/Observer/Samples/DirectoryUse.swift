/// How full a directory of the target is, and whether its mode lets its owner write.
struct DirectoryUse: Hashable, Sendable {
    var usedBytes: UInt64
    var limitBytes: UInt64
}
