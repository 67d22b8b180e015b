import OpsCommand
import OpsModel
import OpsSpec

/// What a command line keeps from the agent.
enum HandicapOptions {
    static let all: [Option] = [
        .value("without-runbook", "ID", repeats: true, help: "a runbook that is not there; may be repeated"),
        .value("withhold", "LIST", help: "reads that nobody answers, with commas between, such as log,pg; or runbooks"),
        .flag("stale-runbooks", help: "every runbook looks long unreviewed"),
    ]

    /// Words of `--withhold` that people use for a family of reads.
    private static let plural = ["logs": "log", "probes": "probe", "pools": "pool", "journeys": "journey"]

    static func handicap(_ parsed: ParsedArguments) throws(CommandError) -> Handicap {
        var handicap = Handicap(
            withheldRunbooks: parsed.strings("without-runbook"),
            hasStaleRunbooks: parsed.flag("stale-runbooks"),
            leaseS: 900
        )
        for word in (parsed.string("withhold") ?? "").split(separator: ",").map(String.init) {
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
        return handicap
    }
}
