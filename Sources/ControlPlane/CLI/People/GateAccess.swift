import GateClient
import OpsRuntime

/// The operator's way to a lab's gate.
typealias GateAccess = ServiceAccess<OperatorClient>

extension ServiceAccess where Client == OperatorClient {
    init(_ lookup: LabLookup) throws { try self.init(lookup, to: .gate) { OperatorClient($0) } }
}
