/// What a container wrote to its output, as the engine keeps it.
///
/// Each piece has a head of eight bytes: the stream, three zeros, and its length with the highest byte first.
enum ContainerOutput {
    /// The lines of all streams in the order in which they were written; a piece that is cut is taken as far as it goes.
    static func lines(_ bytes: [UInt8]) -> [String] {
        var text: [UInt8] = []
        var rest = bytes[...]
        while rest.count >= 8 {
            let length = rest.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | Int($1) }
            text += rest.dropFirst(8).prefix(length)
            rest = rest.dropFirst(8 + length)
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
