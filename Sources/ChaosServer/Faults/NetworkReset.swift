import OpsModel

/// Some connections from a component to one of those that it needs are reset: each piece that is sent by a lot of its own.
///
/// That piece does not arrive, and both ends are told ECONNRESET.
final class NetworkReset: WayFault {
    static let description = FaultDescription(
        kind: .networkReset,
        path: "/break/network/reset",
        title: "The way from a component to one that it needs resets connections.",
        persistence: .condition,
        targets: ["http", "worker", "batch"],
        parameters: [
            ClosedWays.to,
            Parameter(
                name: "share",
                kind: .number(1...100),
                fallback: 30,
                help: "pieces of a hundred that reset their connection, a whole number"
            ),
        ],
        yieldsTo: [],
        unit: "instances",
        mechanism: "a proxy in the way resets the connection of a piece that is sent, by lot",
        inContainers: "no proxy, so not possible",
        signs: ["probe.result", "call.errors", "log.code"],
        needs: [.links, .proxy]
    )

    let ways: ClosedWays

    init(_ setting: FaultSetting) {
        self.ways = ClosedWays(setting, .reset(percent: setting.parameters.whole("share")))
    }
}
