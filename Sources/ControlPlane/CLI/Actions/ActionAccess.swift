import ActionClient
import OpsRuntime

/// The operator's way to a lab's ActionPlane.
typealias ActionAccess = ServiceAccess<ActionClient>

extension ServiceAccess where Client == ActionClient {
    init(_ lookup: LabLookup) throws { try self.init(lookup, to: .action) { ActionClient($0) } }
}
