import OpsCommand

/// `--seeds A..B`.
enum SeedRange {
    static let option = Option.value("seeds", "A..B", help: "what the draws come from (default: 1..1)")

    /// Nil where nothing was said.
    static func read(_ parsed: ParsedArguments) throws -> ClosedRange<UInt64>? {
        guard let text = parsed.string("seeds") else { return nil }
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
