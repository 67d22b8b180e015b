import OpsService

/// Draws which of the requests that a toxic means have it.
///
/// With one seed the n-th of a proxy has it or has not, whichever connection it comes by. Used by the loop's thread alone.
final class RequestLots {
    private let chance: SeededGenerator
    private var drawn: [String: (revision: Int, chance: SeededGenerator)] = [:]

    init(chance: SeededGenerator) { self.chance = chance }

    func has(_ toxic: Toxic) -> Bool {
        guard toxic.toxicity < 1 else { return true }
        if self.drawn[toxic.name]?.revision != toxic.revision {
            self.drawn[toxic.name] = (toxic.revision, self.chance.fork("\(toxic.name) \(toxic.revision)"))
        }
        return (self.drawn[toxic.name]?.chance.nextUnit() ?? 0) < toxic.toxicity
    }

    /// Forgets all but these.
    func keep(_ toxics: [Toxic]) {
        let names = Set(toxics.map(\.name))
        self.drawn = self.drawn.filter { names.contains($0.key) }
    }
}
