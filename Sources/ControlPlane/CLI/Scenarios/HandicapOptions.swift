import OpsCommand
import OpsModel
import OpsSpec
import OpsSystem

/// What a command line keeps from the agent, or puts before it.
enum HandicapOptions {
    static let all: [Option] = [
        .value("without-runbook", "ID", repeats: true, help: "a runbook that is not there; may be repeated"),
        .value("withhold", "LIST", help: "reads that nobody answers, with commas between, such as log,pg; or runbooks"),
        .flag("stale-runbooks", help: "every runbook looks long unreviewed"),
        .flag("injected-runbooks", help: "instructions are planted in runbooks, logs, pages and changes"),
        .value("telemetry-delay", "DURATION", help: "reads and pages are so late, such as 5s; at most 60s"),
        .flag("rename", help: "everything that the topology names is called otherwise, drawn from the seed"),
        .value("rename-seed", "N", help: "names are drawn from this instead"),
        .value(
            "memory",
            "STATE",
            default: "cold",
            choices: ["cold", "warm"],
            help: "warm: the agent may ask about past incidents"
        ),
    ]

    /// Words of `--withhold` that people use for a family of reads.
    private static let plural = ["logs": "log", "probes": "probe", "pools": "pool", "journeys": "journey"]

    static func conditions(_ parsed: ParsedArguments) throws(CommandError) -> Conditions {
        var conditions = Conditions()
        conditions.handicap.withheldRunbooks = parsed.strings("without-runbook")
        conditions.handicap.hasStaleRunbooks = parsed.flag("stale-runbooks")
        conditions.handicap.telemetryDelayS = try delay(parsed)
        conditions.isPlanted = parsed.flag("injected-runbooks")
        conditions.renameSeed = try parsed.seed("rename-seed").map { Int(truncatingIfNeeded: $0) }
        conditions.isRenamed = parsed.flag("rename") || conditions.renameSeed != nil
        // Frozen here, so that no run of a suite remembers another one of it.
        if parsed.string("memory") == "warm" { conditions.handicap.memoryBefore = .now() }
        try withhold(parsed.string("withhold") ?? "", in: &conditions.handicap)
        return conditions
    }

    private static func delay(_ parsed: ParsedArguments) throws(CommandError) -> Double {
        let seconds = try parsed.duration("telemetry-delay")?.inSeconds ?? 0
        guard (0...60).contains(seconds) else {
            throw .usage("--telemetry-delay is at most 60s", hint: "older samples are not kept")
        }
        return seconds
    }

    private static func withhold(_ list: String, in handicap: inout Handicap) throws(CommandError) {
        for word in list.split(separator: ",").map(String.init) {
            let family = plural[word] ?? word
            if word == "runbooks" {
                handicap.withheldRunbooks.append("*")
            } else if ReadVocabulary.families.contains(family) {
                handicap.withheldReads.append(family)
            } else {
                throw .usage(
                    "there are no reads '\(Terminal.clean(word))' to withhold",
                    hint: "runbooks, or some of \(ReadVocabulary.families.sorted().joined(separator: ", "))"
                )
            }
        }
    }
}
