/// Decides which instance gets the next request, by smooth weighted round robin; it calls nobody.
///
/// An instance that refused is suspect: it keeps a fifth of the turns of a healthy pair. The edge has no active health check
/// and never repeats a request, so these turns are its only way to learn that the instance is back, and each of them is a
/// customer's: one dead instance of two costs about 20 % of the requests until somebody brings it back. Fewer turns would
/// be kinder in the outage and hide it from the objectives; full turns would cost half. Suspicion ends slowly, after a row
/// of good answers, because an instance that flaps would otherwise be trusted again after each of them.
struct Rotation: Sendable {
    enum State: String, Sendable, CaseIterable {
        case healthy
        case suspect
        case draining
    }

    private struct Instance: Sendable {
        var isSuspect = false
        var isDraining = false
        var goodAnswers = 0
        var credit = 0
    }

    private static let healthyWeight = 4
    private static let suspectWeight = 1
    private static let goodAnswersForTrust = 4
    private var instances: [Instance]

    init(count: Int) { instances = Array(repeating: Instance(), count: count) }

    /// The instance whose turn it is; nil when all are draining.
    mutating func next() -> Int? {
        var total = 0
        var chosen: Int?
        for index in instances.indices where !instances[index].isDraining {
            let weight = instances[index].isSuspect ? Self.suspectWeight : Self.healthyWeight
            total += weight
            instances[index].credit += weight
            if chosen.map({ instances[$0].credit < instances[index].credit }) ?? true { chosen = index }
        }
        if let chosen { instances[chosen].credit -= total }
        return chosen
    }

    /// An answer came; says whether the instance is trusted again.
    mutating func answered(_ index: Int) -> Bool {
        guard instances[index].isSuspect else { return false }
        instances[index].goodAnswers += 1
        guard instances[index].goodAnswers >= Self.goodAnswersForTrust else { return false }
        instances[index].isSuspect = false
        return true
    }

    /// No answer came; says whether the instance was trusted until now.
    mutating func refused(_ index: Int) -> Bool {
        let isNew = !instances[index].isSuspect
        instances[index].isSuspect = true
        instances[index].goodAnswers = 0
        return isNew
    }

    mutating func setDraining(_ index: Int, _ isDraining: Bool) { instances[index].isDraining = isDraining }

    func state(_ index: Int) -> State {
        instances[index].isDraining ? .draining : instances[index].isSuspect ? .suspect : .healthy
    }
}
