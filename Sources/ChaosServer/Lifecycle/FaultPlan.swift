import OpsModel
import OpsRuntime

/// What a fault will change and how each change is put back: everything that an undo needs when nothing else is alive.
struct FaultPlan: Codable, Hashable, Sendable {
    var id: String
    var kind: FaultKind
    var persistence: FaultClass
    var target: String
    var instance: String?
    var with: [String: JSONValue]
    /// Held still around apply and undo.
    var resource: SharedResource
    /// The names of `shared` directories, so that the undo needs no configuration.
    var shared: SharedPaths
    var effects: [Effect]
    var requested: Double?
    var leaseS: Double
    /// By the boot clock; means nothing in another boot.
    var deadline: UInt64
    var requestedAt: Timestamp
    var run: String?
    /// Whether everybody may be told of it.
    var open: Bool?
    /// The fingerprint of the request; nil in a record of an earlier version.
    var asked: String?
    /// What would end it by right, in the words of the catalogue.
    var yieldsTo: [String]
}

extension FaultPlan {
    /// What an order becomes once the fault has worked out its changes.
    init(_ order: HoldOrder, _ blueprint: Blueprint) {
        let description = FaultCatalog.description(of: order.implementation)
        self.init(
            id: order.id,
            kind: order.kind,
            persistence: description.persistence,
            target: order.access.component,
            instance: order.request.instance,
            with: order.request.with,
            resource: blueprint.resource,
            shared: order.shared,
            effects: blueprint.effects,
            requested: blueprint.requested,
            leaseS: order.request.leaseS,
            deadline: order.deadline,
            requestedAt: order.requestedAt,
            run: order.request.run,
            open: order.request.open,
            asked: AskedFault(order.kind, order.request).fingerprint,
            yieldsTo: description.yieldsTo
        )
    }

    /// The same for whoever only wants to know.
    var preview: FaultPreview {
        FaultPreview(
            fault: self.kind.rawValue,
            persistence: self.persistence,
            target: self.target,
            instance: self.instance,
            with: self.with,
            resource: self.resource.name,
            changes: self.effects.map {
                FaultPreview.Change(mark: $0.change.reversible.mark, undo: $0.change.reversible.undoing)
            },
            requested: self.requested,
            unit: FaultCatalog.description(of: self.kind).unit,
            leaseS: self.leaseS,
            yieldsTo: self.yieldsTo
        )
    }
}

/// Where locks and claims lie.
struct SharedPaths: Codable, Hashable, Sendable {
    var claims: String
    var locks: String

    var resources: SharedResources { SharedResources(claims: self.claims, locks: self.locks) }
}
