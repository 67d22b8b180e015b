import ChaosClient
import OpsRuntime

/// The operator's way to a lab's injector.
typealias ChaosAccess = ServiceAccess<ChaosClient>

extension ServiceAccess where Client == ChaosClient {
    init(_ lookup: LabLookup) throws { try self.init(lookup, to: .chaos) { ChaosClient($0) } }
}
