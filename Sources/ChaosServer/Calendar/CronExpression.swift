import OpsModel

/// When something is due, in the five fields of crontab(5).
///
/// A day is meant when month, day of month and day of week all are, with Vixie cron's exception: where neither of the last two
/// begins with `*`, one of them is enough.
struct CronExpression: Hashable, Sendable {
    static let longest = 200

    let minute: CronField
    let hour: CronField
    let dayOfMonth: CronField
    let month: CronField
    let dayOfWeek: CronField

    /// - Throws: `bad_schedule` with all that is wrong, each with its place.
    init(_ text: String) throws(ChaosError) {
        guard text.utf8.count <= Self.longest else {
            throw ChaosError(.badSchedule, "cron: longer than \(Self.longest) characters")
        }
        let words = Self.words(text)
        guard words.count == CronField.Unit.allCases.count else {
            throw ChaosError(
                .badSchedule,
                "cron: five fields are needed, and there are \(words.count)",
                hint: "minute, hour, day of month, month, day of week; such as 30 2 * * mon-fri"
            )
        }
        var problems: [CronProblem] = []
        let fields = zip(words, CronField.Unit.allCases).map { word, unit in
            CronField(word.text, unit, column: word.column, problems: &problems)
        }
        guard problems.isEmpty else {
            let places = problems.map { "\($0.message), at character \($0.column)" }
            throw ChaosError(.badSchedule, "cron: \(places.joined(separator: "; "))")
        }
        (self.minute, self.hour, self.dayOfMonth) = (fields[0], fields[1], fields[2])
        (self.month, self.dayOfWeek) = (fields[3], fields[4])
    }

    /// Whether it follows the clock on the wall however that is set: see `next(after:in:)`.
    var isWild: Bool { self.minute.isStarred || self.hour.isStarred }

    func contains(_ day: CivilDay) -> Bool {
        guard self.month.contains(day.month) else { return false }
        let (date, weekday) = (self.dayOfMonth.contains(day.day), self.dayOfWeek.contains(day.weekday))
        return self.dayOfMonth.isStarred || self.dayOfWeek.isStarred ? date && weekday : date || weekday
    }

    private static func words(_ text: String) -> [(text: Substring, column: Int)] {
        text.split { $0 == " " || $0 == "\t" }.map { word in
            (word, text.distance(from: text.startIndex, to: word.startIndex) + 1)
        }
    }
}
