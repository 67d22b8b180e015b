import OpsModel

/// Nothing gets out of a component to one of those that it needs: every packet on the way is dropped.
///
/// In each instance's own network namespace, or by the address that it calls from, so that everybody else reaches both ends as
/// before. Whoever starts the instance anew finds the way closed again about a second later.
final class NetworkBlock: WayFault {
    static let description = FaultDescription(
        kind: .networkBlock,
        path: "/break/network/block",
        title: "The way from a component to one that it needs is closed: packets are dropped.",
        persistence: .condition,
        targets: ["http", "worker", "batch"],
        parameters: [ClosedWays.to],
        yieldsTo: [],
        unit: "instances",
        mechanism: "an nftables rule drops what comes from the instance's own address",
        inContainers: "an nftables rule in the instance's network namespace",
        signs: ["probe.result", "call.errors"],
        needs: [.links]
    )

    let ways: ClosedWays

    init(_ setting: FaultSetting) { self.ways = ClosedWays(setting) }
}
