/// Takes whole parts out of a byte stream, wherever the network cut it.
protocol StreamParser: Sendable {
    associatedtype Part: Sendable

    /// Set when one part is larger than what is taken; nothing is parsed from then on.
    var isOverflown: Bool { get }

    /// The parts that these bytes complete.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Part]
}
