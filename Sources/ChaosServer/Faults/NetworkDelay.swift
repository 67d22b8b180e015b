import OpsModel

/// What a component sends to one of those that it needs comes later: each piece by so many milliseconds.
///
/// Answers come as ever, so a question with its answer takes as much longer as one way does. Pieces keep their order, however far
/// jitter would part them.
final class NetworkDelay: WayFault {
    static let description = FaultDescription(
        kind: .networkDelay,
        path: "/break/network/latency",
        title: "The way from a component to one that it needs is slow.",
        persistence: .condition,
        targets: ["http", "worker", "batch"],
        parameters: [
            ClosedWays.to,
            Parameter(
                name: "ms",
                kind: .number(1...10_000),
                fallback: 400,
                help: "milliseconds by which what is sent comes later, a whole number"
            ),
            Parameter(
                name: "jitter",
                kind: .number(0...5_000),
                fallback: 0,
                help: "milliseconds that it may be more or less, each piece by a lot of its own"
            ),
        ],
        yieldsTo: [],
        unit: "instances",
        mechanism: "a proxy in the way keeps each piece of what is sent for so long",
        inContainers: "no proxy, so not possible",
        signs: ["probe.latency", "call.latency"],
        needs: [.links, .proxy]
    )

    let ways: ClosedWays

    init(_ setting: FaultSetting) {
        let parameters = setting.parameters
        self.ways = ClosedWays(setting, .delay(ms: parameters.whole("ms"), jitter: parameters.whole("jitter")))
    }
}
