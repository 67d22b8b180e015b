/// Chance that can be repeated: one seed gives the same numbers on every machine (SplitMix64, Steele, Lea and Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts a sequence.
    public init(seed: UInt64) { self.state = seed }

    /// The next number of the sequence.
    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A sequence of its own for one purpose: more draws here do not change what is drawn there.
    public func fork(_ label: String) -> SeededGenerator {
        let hash = label.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var mixer = SeededGenerator(seed: self.state ^ hash)
        return SeededGenerator(seed: mixer.next())
    }

    /// A number from 0 up to, not including, 1.
    public mutating func nextUnit() -> Double { Double(self.next() >> 11) * 0x1p-53 }
}
