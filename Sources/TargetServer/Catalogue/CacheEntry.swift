import OpsSystem

/// One file of the catalogue cache: a line about the content, then the content.
///
/// `shop-cache 1 crc32c=0123abcd expires=1790000000`. The checksum says whether the content is what was stored, not whether
/// it is right; an entry without one is taken at its word. One with the word `immutable` was promised to stay until it expires.
struct CacheEntry: Equatable, Sendable {
    /// What is wrong with an entry.
    enum Damage: String, Error {
        case header = "the first line is not one of ours"
        case checksum = "the checksum does not match the content"
    }

    var content: [UInt8]
    /// Seconds since 1970 after which the entry counts as missing.
    var expires: Int
    /// Whether it stays until then, whatever happens to what it shows.
    var isImmutable = false
    /// Whether a checksum says that the content is what was stored.
    private(set) var isSealed = true

    var bytes: [UInt8] {
        let checksum = String(CRC32C.checksum(content), radix: 16)
        return Array(
            "shop-cache 1 crc32c=\(checksum) expires=\(expires)\(isImmutable ? " \(Self.promise)" : "")\n".utf8
        ) + content
    }

    init(content: [UInt8], expires: Int, isImmutable: Bool = false) {
        self.content = content
        self.expires = expires
        self.isImmutable = isImmutable
    }

    init(bytes: [UInt8]) throws(Damage) {
        guard let end = bytes.prefix(200).firstIndex(of: 0x0A) else { throw .header }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        guard words.count >= 2, words[0] == "shop-cache", words[1] == "1" else { throw .header }
        content = Array(bytes[(end + 1)...])
        expires = Self.field("expires=", words).flatMap { Int($0) } ?? .max
        isImmutable = words.contains(Self.promise)
        guard let checksum = Self.field("crc32c=", words) else {
            isSealed = false
            return
        }
        guard UInt32(checksum, radix: 16) == CRC32C.checksum(content) else { throw .checksum }
    }

    private static let promise: Substring = "immutable"

    private static func field(_ name: String, _ words: [Substring]) -> Substring? {
        words.first { $0.hasPrefix(name) }?.dropFirst(name.count)
    }
}
