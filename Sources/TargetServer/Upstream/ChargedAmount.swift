/// What a provider really charges: as a rule what it was asked to, and while something is wrong with it another amount.
///
/// Nothing else of a charge tells: it is made in time, answered well, and written down as it was made. A charge that is
/// repeated has the amount of its first time.
struct ChargedAmount: Sendable {
    /// How many charges of a hundred are wrong now.
    let wrongShare: @Sendable () -> Int

    /// Cents; a tenth more than was asked for where it is wrong, and one cent at least.
    func cents(of charge: Charge) -> Int {
        let share = wrongShare()
        guard share > 0, ProviderTerms.chance("amount \(charge.key)") < share * 10 else { return charge.amountCents }
        let (more, isTooMuch) = charge.amountCents.addingReportingOverflow(max(1, charge.amountCents / 10))
        return isTooMuch ? charge.amountCents - 1 : more
    }
}
