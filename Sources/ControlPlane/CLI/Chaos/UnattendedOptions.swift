import OpsCommand
import OpsModel
import OpsSystem

extension WeeklyWindow {
    /// Reads `[DAYS,]HH:MM-HH:MM`, where DAYS is `mon-fri`, `sat+sun` or one day.
    init(option: String, _ text: String) throws(CommandError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let times = (parts.last ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, times.count == 2, let from = ClockTime(String(times[0])),
            let to = ClockTime(String(times[1])), let days = parts.count == 2 ? Self.days(parts[0]) : []
        else {
            let example = "such as mon-fri,09:00-17:00"
            throw CommandError.usage("--\(option) wants days and times \(example), not '\(Terminal.clean(text))'")
        }
        self.init(days: days, from: from, to: to)
    }

    private static func days(_ text: Substring) -> [Weekday]? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Weekday(rawValue: String($0)) }
        let all = Weekday.allCases
        if ends.count == 2, let from = ends[0].flatMap(all.firstIndex), let to = ends[1].flatMap(all.firstIndex) {
            // A week has no beginning: fri-mon goes over its end.
            return from <= to ? Array(all[from...to]) : Array(all[from...]) + Array(all[...to])
        }
        let days = text.split(separator: "+", omittingEmptySubsequences: false).map { Weekday(rawValue: String($0)) }
        return days.contains(nil) ? nil : days.compactMap(\.self)
    }
}

extension ParsedArguments {
    /// `--abort-broken` and `--abort-faults`; nil when neither is given.
    func abortConditions() throws(CommandError) -> AbortConditions? {
        let conditions = AbortConditions(
            brokenS: try duration("abort-broken")?.inSeconds,
            faultsOver: try int("abort-faults", in: 1...100)
        )
        return conditions == AbortConditions() ? nil : conditions
    }
}
