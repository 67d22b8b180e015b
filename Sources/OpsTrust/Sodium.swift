import CSodium

/// The one place where libsodium is made ready; every entry point of this module passes through it.
enum Sodium {
    private static let status = sodium_init()

    /// Makes the library ready once per process; later calls cost one comparison.
    static func prepare() { precondition(status >= 0, "libsodium did not start: no source of random bytes") }
}

/// Draws bytes that nobody can guess from the operating system.
public func randomBytes(_ count: Int) -> [UInt8] {
    Sodium.prepare()
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let base = buffer.baseAddress { randombytes_buf(base, count) }
        initialized = count
    }
}

/// Compares secrets in a time that depends on their length only.
public func isEqualInConstantTime(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    Sodium.prepare()
    let left = Array(left)
    let right = Array(right)
    guard left.count == right.count else { return false }
    return sodium_memcmp(left, right, left.count) == 0
}
