import OpsModel

/// Some of what a component sends to one of those that it needs is lost: each packet by a lot of its own.
///
/// TCP sends again what was lost, a fifth of a second later at first and twice as long each time, so callers see delays, and
/// failures only where their patience is shorter. The answers are not touched.
final class NetworkLoss: WayFault {
    static let description = FaultDescription(
        kind: .networkLoss,
        path: "/break/network/loss",
        title: "The way from a component to one that it needs loses packets.",
        persistence: .condition,
        targets: ["http", "worker", "batch"],
        parameters: [
            ClosedWays.to,
            Parameter(
                name: "share",
                kind: .number(1...99),
                fallback: 40,
                help: "packets of a hundred that are lost, a whole number"
            ),
        ],
        yieldsTo: [],
        unit: "instances",
        mechanism: "an nftables rule drops each packet by lot",
        inContainers: "the same in the instance's network namespace",
        signs: ["probe.latency", "call.latency"],
        needs: [.links]
    )

    let ways: ClosedWays

    init(_ setting: FaultSetting) {
        self.ways = ClosedWays(setting, .loss(percent: setting.parameters.whole("share")))
    }
}
