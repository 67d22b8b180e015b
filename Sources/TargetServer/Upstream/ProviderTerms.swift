import OpsSystem

/// How a payment provider behaves: decided by the charge itself, so that repeating a charge gives the same answer.
struct ProviderTerms: Sendable {
    enum Fate: Sendable, Equatable {
        case charge(extraMilliseconds: Int)
        case decline
        case issuerSilent
    }

    /// Charges at the same time.
    var slots: Int
    var latencyMilliseconds: Int

    /// 20 at a time for 20 ms each: a thousand a second.
    static let primary = ProviderTerms(slots: 20, latencyMilliseconds: 20)
    /// Six hundred a second, and 40 ms more for each.
    static let fallback = ProviderTerms(slots: 36, latencyMilliseconds: 60)

    /// Two cards in a hundred are declined, three charges in a thousand find no issuer, two in a hundred take long.
    func fate(of charge: Charge) -> Fate {
        if Self.isDeclined(card: charge.card) { return .decline }
        let chance = Self.chance("charge \(charge.key)")
        if chance < 3 { return .issuerSilent }
        return .charge(extraMilliseconds: chance < 23 ? 100 + chance * 8 : 0)
    }

    static func isDeclined(card: String) -> Bool { chance("card \(card)") < 20 }

    /// 0 to 999, the same for the same text everywhere.
    static func chance(_ text: String) -> Int { Int(CRC32C.checksum(text.utf8) % 1_000) }
}
