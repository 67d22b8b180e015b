/// The catalogue's names exchanged among its faults, so that one can see whether anybody but the injector ever uses a name.
///
/// The names are sorted, stand in a circle, and each fault takes the one that is `seed` places further on: a permutation that
/// leaves none where it was, unless the seed is a multiple of their number.
public struct FaultAliases: Hashable, Sendable {
    private let names: [String]
    private let distance: Int

    /// All names of a catalogue, in any order; seed 0 exchanges nothing.
    public init(_ names: [String], seed: Int) {
        self.names = names.sorted()
        distance = names.isEmpty ? 0 : ((seed % names.count) + names.count) % names.count
    }

    /// What a fault is called; a name that is not of the catalogue stays.
    public func alias(of fault: String) -> String { name(from: fault, by: distance) }

    /// Which fault is called so.
    public func fault(called alias: String) -> String { name(from: alias, by: names.count - distance) }

    private func name(from name: String, by places: Int) -> String {
        guard let index = names.firstIndex(of: name) else { return name }
        return names[(index + places) % names.count]
    }
}
