import OpsCommand

/// `--seeds A..B`.
enum SeedRange {
    static let option = Option.value("seeds", "A..B", default: "1..1", help: "what the draws come from")

    static func read(_ parsed: ParsedArguments) throws -> ClosedRange<UInt64> {
        let text = parsed.string("seeds") ?? ""
        let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { UInt64($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
            last - first < 1_000
        else {
            throw CommandError.usage(
                "--seeds \(Terminal.clean(text)) is no range of seeds",
                hint: "for example --seeds 1..5, or --seeds 7"
            )
        }
        return first...last
    }
}
