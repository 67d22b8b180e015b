import OpsModel
import OpsTrust

/// What a fault is given to work with.
struct FaultSetting: Sendable {
    var request: FaultRequest
    var parameters: Parameters
    var access: TargetAccess
    var leaseS: Double
    /// Random, one per fault.
    var token: String
    /// The injector's own directory.
    var state: String
    /// Makes names that look like the shop's own clients.
    var names: DisguiseTag

    init(_ order: HoldOrder, tagKey: [UInt8]) throws(ChaosError) {
        let description = FaultCatalog.description(of: order.implementation)
        self.request = order.request
        self.parameters = try Parameters(order.request.with, of: description)
        self.access = order.access
        self.leaseS = order.request.leaseS
        self.token = order.id
        self.state = order.state
        self.names = DisguiseTag(key: tagKey)
    }

    /// The client name of a plausible program under this fault's token.
    func clientName(_ plausible: String) -> String { self.names.name(plausible, token: self.token).description }
}
