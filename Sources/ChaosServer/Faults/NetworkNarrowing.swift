import OpsModel

/// The way from a component to one that it needs carries little: each connection so much a second, in each direction.
///
/// What is sent waits in the proxy, and from 128 KiB on with its sender.
final class NetworkNarrowing: WayFault {
    static let description = FaultDescription(
        kind: .networkNarrowing,
        path: "/break/network/bandwidth",
        title: "The way from a component to one that it needs is narrow.",
        persistence: .condition,
        targets: ["http", "worker", "batch"],
        parameters: [
            ClosedWays.to,
            Parameter(
                name: "kib",
                kind: .number(1...10_240),
                fallback: 8,
                help: "KiB a second of each connection in each direction, a whole number"
            ),
        ],
        yieldsTo: [],
        unit: "instances",
        mechanism: "a proxy in the way hands on so many bytes a second of each connection",
        inContainers: "no proxy, so not possible",
        signs: ["probe.latency", "call.latency"],
        needs: [.links, .proxy]
    )

    let ways: ClosedWays

    init(_ setting: FaultSetting) {
        self.ways = ClosedWays(setting, .rate(kib: setting.parameters.whole("kib")))
    }
}
