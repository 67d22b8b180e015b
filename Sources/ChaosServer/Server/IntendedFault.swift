import OpsModel

/// A request whose words make sense: its parameters are complete, and its target is there to be reached.
struct IntendedFault: Sendable {
    let kind: FaultKind
    /// What is done: the fault itself, unless names were exchanged.
    let implementation: FaultKind
    let request: FaultRequest
    let asked: AskedFault
    let parameters: Parameters
    let access: TargetAccess
    let shared: SharedPaths

    init(_ kind: FaultKind, _ request: FaultRequest, _ resolver: TargetResolver) throws(ChaosError) {
        self.kind = kind
        self.implementation = FaultCatalog.kind(called: kind, aliasSeed: request.aliasSeed)
        self.request = request
        self.asked = AskedFault(kind, request)
        let description = FaultCatalog.description(of: self.implementation)
        self.parameters = try Parameters(request.with, of: description)
        self.access = try resolver.access(to: request.target, for: description)
        try resolver.check(request.instance, of: self.access)
        self.shared = try resolver.shared()
    }
}
