import OpsModel

extension CronExpression {
    /// Twenty-nine February falls on each day of the week within 28 years, or 40 across a century that has none.
    private static let horizon = 41 * 366
    /// Clocks that are set by more were corrected, and no summer begins or ends.
    private static let longestTurn = 3 * 3_600

    /// The first moment behind another one at which it is due; nil when there never is one, as on 30 February.
    ///
    /// Where clocks are set, it keeps to cron(8) of Debian, "Daylight Saving Time and other time changes". An expression whose
    /// minute or hour begins with `*` is due whenever the clock shows one of its times, in a repeated hour so twice. Any other is
    /// due once a day and time: in a repeated hour the first time; of times that the clock skips, by up to three hours, at the moment
    /// at which it was set. Cron starts a job for each of those; here they are one due time.
    func next(after moment: Timestamp, in zone: ZoneRules) -> Timestamp? {
        let after = moment.wholeSeconds
        let today = zone.local(after).flooredQuotient(86_400)
        // A clock that is set back over midnight shows yesterday once more.
        for number in (today - 1)...(today + Self.horizon) {
            guard let first = self.first(on: number, after, zone) else { continue }
            return Timestamp(wholeSeconds: min(first, self.first(on: number + 1, after, zone) ?? first))
        }
        return nil
    }

    private func first(on number: Int, _ after: Int, _ zone: ZoneRules) -> Int? {
        let day = CivilDay(number: number)
        guard self.contains(day) else { return nil }
        let (before, behind) = (zone.offset(at: day.seconds - 86_400), zone.offset(at: day.seconds + 172_800))
        var first: Int?
        for hour in 0..<24 where self.hour.contains(hour) {
            for minute in 0..<60 where self.minute.contains(minute) {
                let local = day.seconds + hour * 3_600 + minute * 60
                // Where no clock is set around this day, the times follow each other, and the first one is the next.
                if before == behind {
                    if local - before > after { return local - before }
                } else if let next = self.moments(local, zone).first(where: { $0 > after }) {
                    first = min(first ?? next, next)
                }
            }
        }
        return first
    }

    private func moments(_ local: Int, _ zone: ZoneRules) -> [Int] {
        switch zone.moments(of: local) {
        case .shown(let moments): self.isWild ? moments : Array(moments.prefix(1))
        case .skipped(let moment, let length): self.isWild || length > Self.longestTurn ? [] : [moment]
        }
    }
}
